using System.CommandLine;
using Luminarys.Skills.Keys;
using Luminarys.Skills.Packages;

namespace Luminarys.Lmsk;

/// <summary>The public key that an author names: a <c>.pub</c> file, a package that it signed, or the point itself.</summary>
internal static class KeySource
{
    public static Argument<string> Argument() => new("key")
    {
        Description = "A .pub file, a .skill package that the key signed, or the base64 point that genkey prints.",
    };

    /// <summary>The key's point; null after a line in <paramref name="errors"/>.</summary>
    public static async Task<byte[]?> ReadAsync(string source, TextWriter errors, CancellationToken cancellationToken)
    {
        if (PublicKeyText.TryRead(source, out var point))
        {
            return point;
        }

        if (await Disk.ReadAsync(source, errors, cancellationToken).ConfigureAwait(false) is not { } bytes)
        {
            return null;
        }

        if (PublicKeyText.TryRead(System.Text.Encoding.ASCII.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 256))), out point))
        {
            return point;
        }

        var result = SkillPackageReader.Read(bytes);
        if (result.IsSuccess)
        {
            return result.Package.PublicKey.ToArray();
        }

        await errors.WriteLineAsync(source.EndsWith(".skill", StringComparison.Ordinal)
            ? $"{source}: {result.Fault}"
            : $"{source}: it is not a public key; name the .pub file that lmsk genkey wrote, or a .skill package").ConfigureAwait(false);
        return null;
    }
}
