using System.Collections.Concurrent;
using System.Net;

namespace Luminarys.Transport.Tcp.Relay;

/// <summary>How many connections an address may open. An IPv6 network of 64 bits counts as one address. Thread-safe.</summary>
internal sealed class AddressLimiter(RelayServerOptions options, TimeProvider time)
{
    private const int MaxAddresses = 10_000;
    private readonly ConcurrentDictionary<UInt128, TokenBucket> _buckets = new();

    /// <summary>Whether the address may open one more.</summary>
    public bool Admits(IPAddress address)
    {
        if (_buckets.Count >= MaxAddresses)
        {
            Forget();
        }

        return _buckets.GetOrAdd(KeyOf(address), _ => new TokenBucket(options.HandshakesPerSecond, options.HandshakeBurst, time)).TryTake();
    }

    private void Forget()
    {
        foreach (var (key, bucket) in _buckets)
        {
            if (bucket.IsFull)
            {
                _buckets.TryRemove(key, out _);
            }
        }
    }

    private static UInt128 KeyOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        if (!address.IsIPv4MappedToIPv6 && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)
        {
            bytes[8..].Clear();
        }

        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
