using System.CommandLine;
using Luminarys.Skills.Packages;
using Luminarys.Skills.Trust;

namespace Luminarys.Lmsk;

/// <summary><c>lmsk verify</c>.</summary>
internal static class VerifyCommand
{
    public static Command Build(TextWriter output, TextWriter errors)
    {
        var file = new Argument<string>("file") { Description = "A .skill package." };
        var trust = new Option<string?>("-trust", "--trust") { Description = "A trust folder: say whether a host with it would trust the package.", HelpName = "DIR" };
        var command = new Command("verify", "Check a package's signature and content, and name its key.") { file, trust };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetValue(file)!, parsed.GetValue(trust), output, errors, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string file, string? trust, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
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
        if (trust is not null)
        {
            return await JudgeAsync(file, trust, opened.Package, output, errors, cancellationToken).ConfigureAwait(false);
        }

        await output.WriteLineAsync("The signature is valid. Whether its key is trusted is a matter of each host.").ConfigureAwait(false);
        return LmskCommand.Ok;
    }

    private static async Task<int> JudgeAsync(
        string file, string trust, SkillPackage package, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        if (await TrustPlace.ReadAsync(trust, errors, cancellationToken).ConfigureAwait(false) is not { } folder)
        {
            return LmskCommand.Failed;
        }

        var now = TimeProvider.System.GetUtcNow();
        var (store, refusal) = TrustReview.Open(folder, now);
        if (store is null)
        {
            return LmskCommand.Fail(errors, $"{trust}: {refusal}");
        }

        var verdict = store.Judge(package, now);
        if (!verdict.IsTrusted)
        {
            return LmskCommand.Fail(errors, $"{file}: not trusted: {InfoText.Show(verdict.Reason)}");
        }

        await output.WriteLineAsync($"trusted  {InfoText.Show(verdict.Reason)}").ConfigureAwait(false);
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
