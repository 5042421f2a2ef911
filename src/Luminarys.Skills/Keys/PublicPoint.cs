using System.Security.Cryptography;

namespace Luminarys.Skills.Keys;

/// <summary>A public key on the curve P-256 as an uncompressed point: 4, x, y.</summary>
internal static class PublicPoint
{
    public const int Size = 1 + (2 * CoordinateSize);
    private const int CoordinateSize = 32;
    private const byte Uncompressed = 4;

    /// <summary>The point of a key.</summary>
    public static byte[] Of(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return [Uncompressed, .. point.X!, .. point.Y!];
    }

    /// <summary>The key of a point; null when it is not one of the curve. The caller owns the key.</summary>
    public static ECDsa? TryOpen(ReadOnlySpan<byte> point)
    {
        if (point.Length != Size || point[0] != Uncompressed)
        {
            return null;
        }

        try
        {
            return ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = point[1..(1 + CoordinateSize)].ToArray(), Y = point[(1 + CoordinateSize)..].ToArray() },
            });
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
