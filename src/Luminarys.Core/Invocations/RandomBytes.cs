using System.Security.Cryptography;

namespace Luminarys.Invocations;

/// <summary>Random bytes of the system, fetched many at a time: asking the system costs far more than the few bytes of one id. Each is given out once.</summary>
internal static class RandomBytes
{
    private const int Stock = 1024;

    [ThreadStatic]
    private static byte[]? t_stock;

    [ThreadStatic]
    private static int t_left;

    /// <summary>Fills a span of at most 1,024 bytes.</summary>
    public static void Fill(Span<byte> destination)
    {
        var stock = t_stock ??= new byte[Stock];
        if (t_left < destination.Length)
        {
            RandomNumberGenerator.Fill(stock);
            t_left = Stock;
        }

        t_left -= destination.Length;
        var taken = stock.AsSpan(t_left, destination.Length);
        taken.CopyTo(destination);
        taken.Clear();
    }
}
