using System.Security.Cryptography;
using Luminarys.Cluster.Protocol;

namespace Luminarys.Cluster.Signing;

/// <summary>Public keys on the curve P-256 as uncompressed points: 4, x, y.</summary>
internal static class Points
{
    private const byte Uncompressed = 4;
    private const int CoordinateSize = (EnvelopeSeal.PointSize - 1) / 2;

    /// <summary>Takes a point apart; whether it is on the curve shows when a key is made of it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> point, out ECParameters parameters)
    {
        parameters = default;
        if (point.Length != EnvelopeSeal.PointSize || point[0] != Uncompressed)
        {
            return false;
        }

        parameters = new()
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new() { X = point[1..(1 + CoordinateSize)].ToArray(), Y = point[(1 + CoordinateSize)..].ToArray() },
        };
        return true;
    }

    /// <summary>The point of a key.</summary>
    public static byte[] Of(ECDiffieHellman key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return [Uncompressed, .. point.X!, .. point.Y!];
    }
}
