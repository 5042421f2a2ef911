using System.CommandLine;
using System.Text.RegularExpressions;
using Luminarys.Ports;
using Luminarys.Skills;
using Luminarys.Skills.Descriptors;
using Luminarys.Skills.Keys;
using Luminarys.Skills.Packages;

namespace Luminarys.Lmsk;

/// <summary><c>lmsk sign</c>.</summary>
internal static partial class SignCommand
{
    private const int MaxId = 128;
    private const int MaxVersion = 64;
    private const int MaxDescriptor = 1024 * 1024;

    public static Command Build(TextWriter output, TextWriter errors)
    {
        var file = new Argument<string>("file") { Description = "A .wasm module." };
        var key = KeyPlace.Option();
        var target = new Option<string?>("-out", "--out") { Description = "Where to write. Default: <package id>.skill in the working directory.", HelpName = "FILE" };
        var command = new Command("sign", "Make a signed package of a module.") { file, key, target };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetValue(file)!, KeyPlace.Of(parsed.GetValue(key)), parsed.GetValue(target), output, errors, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        string file, string keyFile, string? target, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        if (await Disk.ReadAsync(file, errors, cancellationToken).ConfigureAwait(false) is not { } module)
        {
            return LmskCommand.Failed;
        }

        SigningKey key;
        try
        {
            key = SigningKey.Open(keyFile, KeyPlace.Passphrase);
        }
        catch (KeyFileException exception)
        {
            return LmskCommand.Fail(errors, exception.Message);
        }

        using (key)
        {
            var inspection = await ModuleInspector.InspectAsync(module, cancellationToken).ConfigureAwait(false);
            return Refuse(inspection) is { } refusal
                ? LmskCommand.Fail(errors, $"{file}: {refusal}")
                : Write(file, inspection, module, key, target, output, errors);
        }
    }

    private static int Write(
        string file, SkillInspection inspection, byte[] module, SigningKey key, string? target, TextWriter output, TextWriter errors)
    {
        foreach (var warning in inspection.Warnings)
        {
            errors.WriteLine($"{file}: warning: {InfoText.Show(warning)}");
        }

        var descriptor = inspection.Descriptor!;
        var canonical = CanonicalDescriptor.Write(descriptor);
        if (canonical.Length > MaxDescriptor)
        {
            return LmskCommand.Fail(errors, $"{file}: its descriptor takes {canonical.Length} bytes in a package, of {MaxDescriptor} at most; describe less");
        }

        var content = new PackageContent(descriptor.Package, descriptor.Version, canonical, module);
        var package = SkillPackageWriter.Write(content, key, TimeProvider.System.GetUtcNow());
        if (!PackageFile.TryOpen(package, out _, out var fault))
        {
            return LmskCommand.Fail(errors, $"{file}: the package would not open: {fault}");
        }

        target ??= $"{descriptor.Package}.skill";
        if (!Disk.TryReplace(target, package, errors))
        {
            return LmskCommand.Failed;
        }

        output.WriteLine($"package  {descriptor.Package} {descriptor.Version}");
        output.WriteLine($"key id   {key.Id}");
        output.WriteLine($"sha256   {PackageDigest.Of(module)} (module)");
        output.WriteLine($"file     {target}");
        return LmskCommand.Ok;
    }

    // The id becomes the name of a file, and the version is compared with those that come later.
    private static string? Refuse(SkillInspection inspection) => inspection switch
    {
        { Descriptor: null } => InfoText.Show(inspection.Error!),
        { Descriptor.Package.Value.Length: 0 } =>
            "the module does not say which package it is; write @skill:id com.example.tool at the top of its source, generate and build again",
        { Descriptor.Package.Value: var id } when id.Length > MaxId || !IdForm().IsMatch(id) =>
            $"its package id '{InfoText.Show(id)}' cannot be signed; use parts of letters, digits and hyphens, such as com.example.tool, at most {MaxId} characters",
        { Descriptor.Version.Length: 0 } =>
            "the module does not say its version; write @skill:version 1.0.0 at the top of its source, generate and build again",
        { Descriptor.Version: var version } when version.Length > MaxVersion || !VersionForm().IsMatch(version) =>
            $"its version '{InfoText.Show(version)}' cannot be signed; write three numbers, such as 1.0.0",
        { Descriptor.Methods.Length: 0 } => "the module has no method; write @skill:method above an exported function, generate and build again",
        _ => null,
    };

    [GeneratedRegex(@"\A[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+\z")]
    private static partial Regex IdForm();

    [GeneratedRegex(@"\A[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}([-+][0-9A-Za-z.+-]+)?\z")]
    private static partial Regex VersionForm();
}
