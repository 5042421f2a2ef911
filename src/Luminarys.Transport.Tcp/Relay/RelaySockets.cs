using System.Net.Sockets;

namespace Luminarys.Transport.Tcp.Relay;

/// <summary>How both ends set up their sockets: small writes at once, and a dead other end is noticed within half a minute.</summary>
internal static class RelaySockets
{
    private const int TcpLevel = 6;
    private const int LinuxUserTimeout = 18;
    private const int UserTimeoutMilliseconds = 30_000;

    public static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        if (OperatingSystem.IsLinux())
        {
            socket.SetRawSocketOption(TcpLevel, LinuxUserTimeout, BitConverter.GetBytes(UserTimeoutMilliseconds));
        }
    }
}
