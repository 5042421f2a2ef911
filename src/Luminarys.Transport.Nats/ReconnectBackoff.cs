using System.Security.Cryptography;

namespace Luminarys.Transport.Nats;

/// <summary>How long to wait before the next attempt: 0.25 s doubling to 5 s with full jitter, 30 s after refused credentials.</summary>
internal sealed class ReconnectBackoff
{
    private const int FirstCeiling = 250;
    private const int LastCeiling = 5000;

    /// <summary>Longest wait after a failure that was no denial.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(LastCeiling);

    private static readonly TimeSpan s_afterDenial = TimeSpan.FromSeconds(30);

    private int _ceiling = FirstCeiling;

    public TimeSpan Next(bool wasDenied)
    {
        if (wasDenied)
        {
            return s_afterDenial;
        }

        var wait = RandomNumberGenerator.GetInt32(_ceiling + 1);
        _ceiling = Math.Min(2 * _ceiling, LastCeiling);
        return TimeSpan.FromMilliseconds(wait);
    }

    /// <summary>Begins anew, after a connection that lasted.</summary>
    public void Reset() => _ceiling = FirstCeiling;
}
