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
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetValue(file)!;
            try
            {
                var bytes = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
                return Report(path, SkillPackageReader.Read(bytes), output, errors);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                await errors.WriteLineAsync($"{path}: {exception.Message}").ConfigureAwait(false);
                return LmskCommand.Failed;
            }
        });
        return command;
    }

    private static int Report(string path, PackageResult result, TextWriter output, TextWriter errors)
    {
        if (!result.IsSuccess)
        {
            errors.WriteLine($"{path}: {result.Fault}");
            return LmskCommand.Failed;
        }

        var package = result.Package;
        output.WriteLine($"package  {package.Content.Id} {package.Content.Version}");
        output.WriteLine($"key id   {package.Key}");
        output.WriteLine($"signed   {package.SignedAt:yyyy-MM-ddTHH:mm:ssZ}");
        output.WriteLine($"sha256   {package.FileDigest}");
        output.WriteLine("The signature is valid. Whether its key is trusted is a matter of each host.");
        return LmskCommand.Ok;
    }
}
