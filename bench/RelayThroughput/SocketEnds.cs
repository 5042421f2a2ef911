using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace RelayThroughput;

/// <summary>
/// The floor: one socket between the ends, one thread at each, blocks of 256 KiB, everything inline. The same hash, the same cipher, room taken ahead and
/// flushes at the same distances; no journal, no resumption, no relay.
/// </summary>
internal static class SocketEnds
{
    private const int Block = 256 * 1024;
    private const int Prefix = sizeof(uint);
    private const int Tag = 16;
    private const int NonceSize = 12;

    public static void Send(Job job, bool encrypts)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, job.Port);
        using var file = File.OpenHandle(job.Path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var cipher = new AesGcm(new byte[32], Tag);
        var frame = new byte[Prefix + Block + Tag];
        var nonce = new byte[NonceSize];
        for (var (offset, number) = (0L, 0UL); offset < job.Length; number++)
        {
            var count = RandomAccess.Read(file, frame.AsSpan(Prefix, Block), offset);
            var part = frame.AsSpan(Prefix, count);
            hash.AppendData(part);
            BinaryPrimitives.WriteInt32BigEndian(frame, count);
            if (encrypts)
            {
                BinaryPrimitives.WriteUInt64BigEndian(nonce.AsSpan(4), number);
                cipher.Encrypt(nonce, part, part, frame.AsSpan(Prefix + count, Tag), frame.AsSpan(0, Prefix));
            }

            SendAll(socket, frame.AsSpan(0, Prefix + count + (encrypts ? Tag : 0)));
            offset += count;
        }

        SendAll(socket, hash.GetHashAndReset());
        var answer = new byte[1];
        if (!ReceiveAll(socket, answer) || answer[0] != 1)
        {
            throw new IOException("the sink did not confirm");
        }
    }

    public static void Take(Job job, bool encrypts, Action<int> listens)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        listens(((IPEndPoint)listener.LocalEndPoint!).Port);
        using var socket = listener.Accept();
        socket.NoDelay = true;
        using var target = new FloorFile(job);
        using var cipher = new AesGcm(new byte[32], Tag);
        var frame = new byte[Prefix + Block + Tag];
        var nonce = new byte[NonceSize];
        for (var (offset, number) = (0L, 0UL); offset < job.Length; number++)
        {
            Require(ReceiveAll(socket, frame.AsSpan(0, Prefix)));
            var count = BinaryPrimitives.ReadInt32BigEndian(frame);
            Require(count is > 0 and <= Block && ReceiveAll(socket, frame.AsSpan(Prefix, count + (encrypts ? Tag : 0))));
            var part = frame.AsSpan(Prefix, count);
            if (encrypts)
            {
                BinaryPrimitives.WriteUInt64BigEndian(nonce.AsSpan(4), number);
                cipher.Decrypt(nonce, part, frame.AsSpan(Prefix + count, Tag), part, frame.AsSpan(0, Prefix));
            }

            target.Take(part);
            offset += count;
        }

        var hash = new byte[SHA256.HashSizeInBytes];
        Require(ReceiveAll(socket, hash));
        target.Commit(hash);
        SendAll(socket, [1]);
    }

    private static void SendAll(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }

    private static bool ReceiveAll(Socket socket, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = socket.Receive(bytes);
            if (count == 0)
            {
                return false;
            }

            bytes = bytes[count..];
        }

        return true;
    }

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new IOException("the source broke off");
        }
    }
}
