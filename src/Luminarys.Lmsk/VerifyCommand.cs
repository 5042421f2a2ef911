using System.CommandLine;
using Luminarys.Skills.Packages;

namespace Luminarys.Lmsk;

/// <summary><c>lmsk verify</c>.</summary>
internal static class VerifyCommand
{
    public static Command Build(TextWriter output, TextWriter errors)
    {
        var file = new Argument<string>("file") { Description = "A .skill package." };
        var command = new Command("verify", "Check a package's signature and content, and name its key.") { file };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(file)!, output, errors, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string file, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        if (await Disk.ReadAsync(file, errors, cancellationToken).ConfigureAwait(false) is not { } bytes)
        {
            return LmskCommand.Failed;
        }

        if (!PackageFile.TryOpen(bytes, out var opened, out var fault))
        {
            return LmskCommand.Fail(errors, $"{file}: {fault}");
        }

        Report(opened.Package, output);
        await output.WriteLineAsync("The signature is valid. Whether its key is trusted is a matter of each host.").ConfigureAwait(false);
        return LmskCommand.Ok;
    }

    private static void Report(SkillPackage package, TextWriter output)
    {
        output.WriteLine($"package  {InfoText.Show(package.Content.Id.ToString())} {InfoText.Show(package.Content.Version)}");
        output.WriteLine($"key id   {package.Key}");
        output.WriteLine($"signed   {package.SignedAt:yyyy-MM-ddTHH:mm:ssZ}");
        output.WriteLine($"sha256   {package.Digest} (module)");
        output.WriteLine($"sha256   {package.FileDigest} (file)");
    }
}
