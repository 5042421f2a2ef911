using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Luminarys.Transport.Tcp.Tests.Relay;

/// <summary>A network of its own with one cable to ours. Only root may make one: elsewhere the test counts as skipped.</summary>
internal sealed partial class FarNetwork : IAsyncDisposable
{
    private const int NewNetwork = 0x40000000;
    private static int s_made;
    private readonly int _number = (Environment.ProcessId * 4 % 16000) + Interlocked.Increment(ref s_made);

    private FarNetwork()
    {
    }

    /// <summary>Our end of the cable.</summary>
    public string Host => $"10.203.{_number / 64 % 256}.{(_number % 64 * 4) + 1}";

    private string FarHost => $"10.203.{_number / 64 % 256}.{(_number % 64 * 4) + 2}";

    private string Name => $"lm-relay-{_number}";

    private string Cable => $"lmt{_number}";

    public static async Task<FarNetwork> MakeAsync()
    {
        var network = new FarNetwork();
        Assert.SkipUnless(OperatingSystem.IsLinux() && await IpAsync($"netns add {network.Name}"), "not run: networks are made by root, with ip of iproute2");
        foreach (var command in (string[])[
            $"link add {network.Cable}n type veth peer name {network.Cable}f netns {network.Name}",
            $"addr add {network.Host}/30 dev {network.Cable}n",
            $"link set {network.Cable}n up",
            $"-n {network.Name} addr add {network.FarHost}/30 dev {network.Cable}f",
            $"-n {network.Name} link set {network.Cable}f up"])
        {
            Assert.True(await IpAsync(command), command);
        }

        return network;
    }

    /// <summary>A socket of the far network. A thread that has been there does not come back.</summary>
    public Socket Socket()
    {
        Socket? made = null;
        var thread = new Thread(() =>
        {
            using var network = File.OpenHandle($"/run/netns/{Name}");
            Assert.Equal(0, SetNamespace((int)network.DangerousGetHandle(), NewNetwork));
            made = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        });
        thread.Start();
        thread.Join();
        return made!;
    }

    /// <summary>Takes the far end of the cable out.</summary>
    public async Task CutAsync() => Assert.True(await IpAsync($"-n {Name} link set {Cable}f down"));

    public async ValueTask DisposeAsync() => Assert.True(await IpAsync($"netns del {Name}"));

    private static async Task<bool> IpAsync(string arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "setns")]
    private static partial int SetNamespace(int handle, int kind);
}
