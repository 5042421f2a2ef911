using System.CommandLine;
using Luminarys.Skills;

namespace Luminarys.Lmsk;

/// <summary><c>lmsk info</c>. The descriptor of a package is signed and read as it is; only a bare module is asked, in the sandbox.</summary>
internal static class InfoCommand
{
    public static Command Build(TextWriter output, TextWriter errors)
    {
        var file = new Argument<string>("file") { Description = "A .skill package or a .wasm module." };
        var json = new Option<bool>("-json", "--json") { Description = "Print JSON." };
        var command = new Command("info", "Show what a package or a module is, and what its manifest must grant.") { file, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(file)!, parsed.GetValue(json), output, errors, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string file, bool json, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        if (await Disk.ReadAsync(file, errors, cancellationToken).ConfigureAwait(false) is not { } bytes)
        {
            return LmskCommand.Failed;
        }

        var inspected = bytes.AsSpan().StartsWith("\0asm"u8)
            ? await AskAsync(file, bytes, errors, cancellationToken).ConfigureAwait(false)
            : Open(file, bytes, errors);
        if (inspected is null)
        {
            return LmskCommand.Failed;
        }

        if (json)
        {
            await output.WriteLineAsync(InfoJson.Write(inspected)).ConfigureAwait(false);
        }
        else
        {
            InfoText.Write(inspected, output);
        }

        return LmskCommand.Ok;
    }

    private static async Task<Inspected?> AskAsync(string file, byte[] module, TextWriter errors, CancellationToken cancellationToken)
    {
        var inspection = await ModuleInspector.InspectAsync(module, cancellationToken).ConfigureAwait(false);
        Warn(file, inspection.Warnings, errors);
        if (inspection.Descriptor is { } descriptor)
        {
            return new(file, module.Length, descriptor, PackageDigest.Of(module), module.Length, null);
        }

        await errors.WriteLineAsync($"{file}: {InfoText.Show(inspection.Error!)}").ConfigureAwait(false);
        return null;
    }

    private static Inspected? Open(string file, byte[] bytes, TextWriter errors)
    {
        if (!PackageFile.TryOpen(bytes, out var opened, out var fault))
        {
            errors.WriteLine($"{file}: {fault}");
            return null;
        }

        Warn(file, opened.Warnings, errors);
        return new(file, bytes.Length, opened.Descriptor, opened.Package.Digest, opened.Package.Content.Module.Length, opened.Package);
    }

    private static void Warn(string file, IEnumerable<string> warnings, TextWriter errors)
    {
        foreach (var warning in warnings)
        {
            errors.WriteLine($"{file}: warning: {InfoText.Show(warning)}");
        }
    }
}
