namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>
/// What the superuser's programs may do beyond files and users. A host that runs as the superuser hands on only what installing and serving need; with the
/// rest a program could look into the host's memory and environment through the kernel's fence.
/// </summary>
internal static class SystemPowers
{
    private const uint Version = 0x20080522;

    // chown, dac_override, fowner, fsetid, kill, setgid, setuid, net_bind_service.
    private const uint Kept = (1 << 0) | (1 << 1) | (1 << 3) | (1 << 4) | (1 << 5) | (1 << 6) | (1 << 7) | (1 << 10);

    /// <summary>Takes the others from the calling thread, for ever; answers false when the kernel does not.</summary>
    public static unsafe bool TryGiveUp()
    {
        var header = new Libc.CapabilityHeader { Version = Version };
        var words = stackalloc Libc.CapabilityWord[2];
        if (Libc.GetCapabilities(&header, words) != 0)
        {
            return false;
        }

        for (var i = 0; i < 2; i++)
        {
            var kept = i == 0 ? Kept : 0;
            words[i].Effective &= kept;
            words[i].Permitted &= kept;
            words[i].Inheritable &= kept;
        }

        return Libc.SetCapabilities(&header, words) == 0;
    }
}
