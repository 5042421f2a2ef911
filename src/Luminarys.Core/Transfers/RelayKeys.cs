using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Luminarys.Nodes;

namespace Luminarys.Transfers;

/// <summary>
/// Makes and opens relay tickets: body ‖ HMAC-SHA256 over <c>lm-relay-ticket-v1</c> and the body, all integers big-endian. The body is version (u8), key number
/// (u32), cluster (16), transfer (16), attempt (u32), role (u8), node (u8 length, ASCII), most bytes (u64), rate (u64), expiry (u64, Unix milliseconds) and 16 random bytes.
/// Immutable and thread-safe.
/// </summary>
/// <param name="current">Key of new tickets.</param>
/// <param name="previous">Keys whose tickets are still taken.</param>
public sealed class RelayKeys(RelayKey current, ImmutableArray<RelayKey> previous)
{
    /// <summary>Bytes of the longest ticket.</summary>
    public const int MaxTicket = FixedSize + MaxNode + HMACSHA256.HashSizeInBytes;

    private const byte Version = 1;
    private const int MaxNode = 63;
    private const int FixedSize = 1 + 4 + 16 + 16 + 4 + 1 + 1 + 8 + 8 + 8 + NonceSize;
    private const int NonceSize = 16;

    /// <summary>Seals a ticket.</summary>
    public byte[] Seal(RelayTicket ticket)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        var node = Encoding.ASCII.GetBytes(ticket.Node.Value);
        var bytes = new byte[FixedSize + node.Length + HMACSHA256.HashSizeInBytes];
        var rest = bytes.AsSpan();
        Put(ref rest, [Version]);
        Put(ref rest, current.Number);
        Put(ref rest, ticket.Cluster);
        Put(ref rest, ticket.Transfer);
        Put(ref rest, ticket.Attempt);
        Put(ref rest, [(byte)ticket.Role, (byte)node.Length]);
        Put(ref rest, node);
        Put(ref rest, ticket.MaxBytes);
        Put(ref rest, ticket.MaxRate);
        Put(ref rest, (ulong)ticket.NotAfter.ToUnixTimeMilliseconds());
        Put(ref rest, RandomNumberGenerator.GetBytes(NonceSize));
        Seal(current, bytes.AsSpan(0, bytes.Length - rest.Length), rest);
        return bytes;
    }

    /// <summary>Opens a ticket; answers false for one that none of the keys has sealed. Does not look at the clock.</summary>
    public bool TryOpen(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out RelayTicket? ticket)
    {
        ticket = null;
        if (!TryFindKey(bytes, out var key))
        {
            return false;
        }

        var body = bytes[..^HMACSHA256.HashSizeInBytes];
        Span<byte> seal = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Seal(key, body, seal);
        if (!CryptographicOperations.FixedTimeEquals(seal, bytes[body.Length..]))
        {
            return false;
        }

        ticket = Read(body);
        return ticket is not null;
    }

    /// <summary>The key that proves possession of a ticket: HKDF-SHA256 over its body.</summary>
    /// <exception cref="ArgumentException">None of the keys has sealed it.</exception>
    public byte[] JoinKeyOf(ReadOnlySpan<byte> ticket)
    {
        if (!TryFindKey(ticket, out var key))
        {
            throw new ArgumentException("The ticket was sealed with another key.", nameof(ticket));
        }

        var joinKey = new byte[RelayKey.Size];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Secret, joinKey, salt: default, [.. "lm-relay-join-v1"u8, .. ticket[..^HMACSHA256.HashSizeInBytes]]);
        return joinKey;
    }

    private bool TryFindKey(ReadOnlySpan<byte> ticket, [NotNullWhen(true)] out RelayKey? key)
    {
        key = null;
        if (ticket.Length is < FixedSize + HMACSHA256.HashSizeInBytes or > MaxTicket || ticket[0] != Version)
        {
            return false;
        }

        var number = BinaryPrimitives.ReadUInt32BigEndian(ticket[1..]);
        key = current.Number == number ? current : previous.FirstOrDefault(candidate => candidate.Number == number);
        return key is not null;
    }

    // What the key has sealed is well formed, unless another version wrote it.
    private static RelayTicket? Read(ReadOnlySpan<byte> body)
    {
        var rest = body[5..];
        var cluster = BinaryPrimitives.ReadUInt128BigEndian(Take(ref rest, 16));
        var transfer = BinaryPrimitives.ReadUInt128BigEndian(Take(ref rest, 16));
        var attempt = BinaryPrimitives.ReadUInt32BigEndian(Take(ref rest, 4));
        var role = (TransferRole)Take(ref rest, 1)[0];
        var nodeLength = Take(ref rest, 1)[0];
        if (body.Length != FixedSize + nodeLength || !Enum.IsDefined(role) || !NodeId.TryParse(Encoding.ASCII.GetString(Take(ref rest, nodeLength)), out var node))
        {
            return null;
        }

        return new(cluster, transfer, attempt, role, node)
        {
            MaxBytes = BinaryPrimitives.ReadUInt64BigEndian(Take(ref rest, 8)),
            MaxRate = BinaryPrimitives.ReadUInt64BigEndian(Take(ref rest, 8)),
            NotAfter = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(Take(ref rest, 8))),
        };
    }

    private static void Seal(RelayKey key, ReadOnlySpan<byte> body, Span<byte> seal)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key.Secret);
        mac.AppendData("lm-relay-ticket-v1"u8);
        mac.AppendData(body);
        mac.GetHashAndReset(seal);
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int count)
    {
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    private static void Put(ref Span<byte> rest, scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(rest);
        rest = rest[bytes.Length..];
    }

    private static void Put(ref Span<byte> rest, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(rest, value);
        rest = rest[sizeof(uint)..];
    }

    private static void Put(ref Span<byte> rest, ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(rest, value);
        rest = rest[sizeof(ulong)..];
    }

    private static void Put(ref Span<byte> rest, UInt128 value)
    {
        BinaryPrimitives.WriteUInt128BigEndian(rest, value);
        rest = rest[16..];
    }
}
