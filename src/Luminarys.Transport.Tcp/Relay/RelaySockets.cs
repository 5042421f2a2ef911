using System.Net.Sockets;

namespace Luminarys.Transport.Tcp.Relay;

/// <summary>How both ends set up their sockets: small writes at once, and a dead other end is noticed within half a minute.</summary>
internal static class RelaySockets
{
    /// <summary>After how much silence of the other end's machine a connection ends. Below 30 s, as the system looks only now and then.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(25);

    private const int TcpLevel = 6;
    private const int LinuxUserTimeout = 18;
    private const int Probes = 3;

    /// <summary>Sets a socket up.</summary>
    public static void Prepare(Socket socket, TimeSpan silenceLimit)
    {
        // Silence, then a probe, and two more: the first 40 % of the limit, then 20 % each.
        var interval = Math.Max(1, (int)(silenceLimit.TotalSeconds / 5));
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 2 * interval);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, interval);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
        if (OperatingSystem.IsLinux())
        {
            socket.SetRawSocketOption(TcpLevel, LinuxUserTimeout, BitConverter.GetBytes((int)silenceLimit.TotalMilliseconds));
        }
    }
}
