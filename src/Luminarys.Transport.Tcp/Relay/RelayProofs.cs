using System.Security.Cryptography;
using Luminarys.Transfers;

namespace Luminarys.Transport.Tcp.Relay;

/// <summary>What each side shows the other of a ticket's join key, bound to both nonces: nothing that was recorded is worth anything later.</summary>
internal static class RelayProofs
{
    /// <summary>Bytes of a proof.</summary>
    public const int Size = HMACSHA256.HashSizeInBytes;

    /// <summary>The relay's proof.</summary>
    public static byte[] OfRelay(ReadOnlySpan<byte> joinKey, ReadOnlySpan<byte> clientNonce, ReadOnlySpan<byte> relayNonce) =>
        HMACSHA256.HashData(joinKey, [.. "relay"u8, .. clientNonce, .. relayNonce]);

    /// <summary>The client's proof.</summary>
    public static byte[] OfClient(ReadOnlySpan<byte> joinKey, TransferRole role, ReadOnlySpan<byte> relayNonce, ReadOnlySpan<byte> clientNonce) =>
        HMACSHA256.HashData(joinKey, [.. "client"u8, (byte)role, .. relayNonce, .. clientNonce]);
}
