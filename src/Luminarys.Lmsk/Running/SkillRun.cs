using System.Collections.Immutable;
using System.Globalization;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Skills;
using Luminarys.Skills.Messages;

namespace Luminarys.Lmsk.Running;

/// <summary>One <c>lmsk run</c>: the result goes to the output, everything about it to the errors, so that a script can take the one without the other.</summary>
internal sealed class SkillRun(RunRequest request, TextWriter output, TextWriter errors)
{
    /// <summary>Describes or calls; answers the exit code.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (request is { ManifestFile: not null, Grants.Count: > 0 })
        {
            return Misuse("-manifest and -allow: use one of them");
        }

        if (await Disk.ReadAsync(request.File, errors, cancellationToken).ConfigureAwait(false) is not { } bytes)
        {
            return LmskCommand.Failed;
        }

        if (RunPlace.TryCreate(errors) is not { } place)
        {
            return LmskCommand.Failed;
        }

        try
        {
            return await RunAsync(bytes, place, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }

    private async Task<int> RunAsync(byte[] bytes, string place, CancellationToken cancellationToken)
    {
        var report = new TrialReport(errors);
        var trial = new Trial(report, Path.Combine(place, "state"));
        await using (trial.ConfigureAwait(false))
        {
            if (await DescribeAsync(trial, bytes, cancellationToken).ConfigureAwait(false) is not { } inspected)
            {
                return LmskCommand.Failed;
            }

            if (request.Method is null)
            {
                InfoText.Write(inspected, output);
                return LmskCommand.Ok;
            }

            if (inspected.Descriptor.FindMethod(request.Method) is not { } method)
            {
                return Misuse($"{request.File}: it has no method '{request.Method}'; it has {string.Join(", ", inspected.Descriptor.Methods.Select(each => InfoText.Show(each.Name)))}");
            }

            var module = Path.Combine(place, "module.wasm");
            await File.WriteAllBytesAsync(module, inspected.Package?.Content.Module.ToArray() ?? bytes, cancellationToken).ConfigureAwait(false);
            return TryReadArguments(method, out var payload) && ReadManifest(place, module) is { } manifest
                ? await CallAsync(trial, report, manifest with { PackagePath = module, Digest = null }, payload, cancellationToken).ConfigureAwait(false)
                : LmskCommand.Usage;
        }
    }

    private async Task<Inspected?> DescribeAsync(Trial trial, byte[] bytes, CancellationToken cancellationToken)
    {
        if (Path.GetExtension(request.File).Equals(".skill", StringComparison.OrdinalIgnoreCase))
        {
            if (PackageFile.TryOpen(bytes, out var package, out var broken))
            {
                return new(request.File, bytes.Length, package.Descriptor, package.Package.Digest, package.Package.Content.Module.Length, package.Package);
            }

            await errors.WriteLineAsync($"{request.File}: {InfoText.Show(broken)}").ConfigureAwait(false);
            return null;
        }

        var inspection = await trial.InspectAsync(bytes, cancellationToken).ConfigureAwait(false);
        if (inspection.Descriptor is { } descriptor)
        {
            return new(request.File, bytes.Length, descriptor, PackageDigest.Of(bytes), bytes.Length, null);
        }

        await errors.WriteLineAsync($"{request.File}: {InfoText.Show(inspection.Error!)}").ConfigureAwait(false);
        return null;
    }

    private bool TryReadArguments(SkillMethod method, out ReadOnlyMemory<byte> payload)
    {
        var arguments = new MethodArguments(method);
        var problems = ImmutableArray.CreateBuilder<string>();
        if (request.Json is { } json)
        {
            arguments.AddJson(json);
        }

        foreach (var argument in request.Arguments)
        {
            if (Add(arguments, argument) is { } problem)
            {
                problems.Add(problem);
            }
        }

        payload = arguments.Write(out var others);
        foreach (var problem in problems.Concat(others))
        {
            errors.WriteLine($"{method.Name}: {InfoText.Show(problem)}");
        }

        return problems.Count == 0 && others.IsEmpty;
    }

    private static string? Add(MethodArguments arguments, string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            return $"{argument}: an argument is key=value";
        }

        var (name, value) = (argument[..equals], argument[(equals + 1)..]);
        if (!value.StartsWith('@'))
        {
            arguments.AddText(name, value);
            return null;
        }

        try
        {
            arguments.AddBytes(name, File.ReadAllBytes(value[1..]));
            return null;
        }
        catch (Exception exception) when (Disk.IsOfFiles(exception))
        {
            return $"{name}: {value[1..]}: {exception.Message}";
        }
    }

    private Manifest? ReadManifest(string place, string module)
    {
        var file = request.ManifestFile;
        if (file is null)
        {
            if (Grants.Write(request.Grants, module, out var text) is { } fault)
            {
                errors.WriteLine(fault);
                return null;
            }

            file = Path.Combine(place, "manifest.yaml");
            File.WriteAllText(file, text);
        }

        var result = new ManifestReader(Directory.GetCurrentDirectory(), ProcessEnvironment.Read()).Read(file);
        foreach (var problem in result.Problems)
        {
            // The lines of the file that stands for --allow mean nothing to anybody.
            errors.WriteLine(request.ManifestFile is null ? $"--allow: {problem.Message}" : problem.ToString());
        }

        return result.Manifest;
    }

    private async Task<int> CallAsync(Trial trial, TrialReport report, Manifest manifest, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var loaded = await trial.LoadAsync(manifest, cancellationToken).ConfigureAwait(false);
        if (loaded.Error is { } error)
        {
            return LmskCommand.Fail(errors, $"{request.File}: {InfoText.Show(error.Replace(manifest.PackagePath, request.File, StringComparison.Ordinal))}");
        }

        var started = TimeProvider.System.GetTimestamp();
        var result = await trial.InvokeAsync(manifest, request.Method!, payload, cancellationToken).ConfigureAwait(false);
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        await trial.UnloadAsync(manifest, cancellationToken).ConfigureAwait(false);
        await WriteAsync(result).ConfigureAwait(false);
        await errors.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"done  {TrialReport.Format(elapsed)}, {report.HostCalls} host calls, {report.MemoryBytes / 1048576.0:0.0} MiB of memory")).ConfigureAwait(false);
        return result.IsSuccess ? LmskCommand.Ok : LmskCommand.Failed;
    }

    private async Task WriteAsync(InvocationResult result)
    {
        if (!result.IsSuccess)
        {
            await errors.WriteLineAsync($"error {result.Error.ToCode()}: {InfoText.Show(result.Message ?? "")}").ConfigureAwait(false);
            return;
        }

        // The text of a foreign skill must not steer the terminal.
        var text = string.Concat(MessageText.Of(result.Payload).Select(letter => char.IsControl(letter) && letter is not ('\n' or '\t') ? '\uFFFD' : letter));
        await output.WriteLineAsync(text).ConfigureAwait(false);
        if (result.LlmContext is { } context)
        {
            await errors.WriteLineAsync($"for the model: {InfoText.Show(context)}").ConfigureAwait(false);
        }
    }

    private int Misuse(string line)
    {
        errors.WriteLine(line);
        return LmskCommand.Usage;
    }
}
