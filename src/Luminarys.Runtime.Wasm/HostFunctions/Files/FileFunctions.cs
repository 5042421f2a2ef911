using System.Buffers;
using Luminarys.Permissions;
using Luminarys.Ports;

namespace Luminarys.Runtime.Wasm.HostFunctions.Files;

/// <summary>Files, directories and their search for one skill. All acts go through the files that its manifest grants.</summary>
internal sealed class FileFunctions(SkillServices services) : IHostFunctions
{
    private const int ModeBits = 0x1FF;

    private readonly IGrantedFiles _files = services.GrantedFiles;
    private readonly DirectoryRules _rules = DirectoryRules.Compile(services.GrantedFiles.Grants, []);
    private readonly FileWrites _writes = new(services.GrantedFiles, services.Gate);

    private delegate string? Act(FileCall call, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer);

    private delegate string? Change(FileCall call, FileRequest request);

    /// <summary>How much one call searches.</summary>
    public SearchLimits Limits { get; init; } = SearchLimits.Standard;

    /// <summary>What keeps patterns cheap.</summary>
    public RegexDefences Defences { get; init; } = RegexDefences.All;

    /// <inheritdoc/>
    public HostFunction? Find(string name) => name switch
    {
        "fs_read" => On(name, Read),
        "fs_write" => On(name, (call, request) => _writes.Write(call, request, FileCreation.Replace)),
        "fs_create" => On(name, (call, request) => _writes.Write(call, request, FileCreation.CreateNew)),
        "fs_delete" => On(name, Delete),
        "fs_mkdir" => On(name, _writes.MakeDirectories),
        "fs_ls" => On(name, List),
        "fs_chmod" => On(name, SetMode),
        "fs_read_lines" => On(name, ReadLines, Limits.Time),
        "fs_grep" => On(name, Grep, Limits.Time),
        "fs_glob" => On(name, (call, request, answer) => new GlobSearch(_files, new(request), Limits, services.MaxAnswerBytes).Run(call, answer), Limits.Time),
        "fs_allowed_dirs" => On(name, (_, _, answer) => FileAnswers.WriteGrants(answer, _files.Grants)),
        "fs_copy" => On(name, _writes.Copy),
        "disk_usage" => On(name, GetDiskSpace),
        _ => null,
    };

    /// <inheritdoc/>
    public void OnInstanceDiscarded()
    {
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // What reads, in the given time or as long as the skill's call may take.
    private HostFunction On(string name, Act act, TimeSpan? limit = null) => (call, request, answer) =>
    {
        var time = limit is { } most ? call.Limit(0, most, most) : TimeSpan.MaxValue;
        return Run(new(call, name, services.Gate, time), AccessMode.ReadOnly, act, request, answer);
    };

    // What changes something, and has nothing to tell but that it did.
    private HostFunction On(string name, Change change) => (call, request, answer) => Run(
        new(call, name, services.Gate, TimeSpan.MaxValue),
        AccessMode.ReadWrite,
        (inner, bytes, target) => change(inner, new(bytes)) ?? FileAnswers.WriteEmpty(target),
        request,
        answer);

    // The one place where what open files throw becomes a text.
    private string? Run(FileCall call, AccessMode mode, Act act, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer)
    {
        if (call.Host.IsObserved)
        {
            Note(call, mode, new(request));
        }

        try
        {
            return _files.Grants.IsEmpty ? Deny(call, mode, new(request)) : act(call, request, answer);
        }
        catch (OperationCanceledException)
        {
            return "cancelled";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return FileCall.Tell(exception);
        }
    }

    // The files themselves tell of denials only. For an observer: what a path that is granted is granted by.
    private void Note(FileCall call, AccessMode mode, FileRequest request)
    {
        var path = Subject(request);
        if (DirectoryPath.TryNormalize(path, out var normalized, out _) && _rules.Judge(normalized, mode) is { IsAllowed: true } verdict)
        {
            services.Gate.Check(call.Host, call.Function, path, verdict);
        }
    }

    private static string Subject(FileRequest request) => request.Path.Length > 0 ? request.Path : request.Source;

    private string? Deny(FileCall call, AccessMode mode, FileRequest request)
    {
        var path = Subject(request);
        var suffix = mode == AccessMode.ReadWrite ? "rw" : "ro";
        var remedy = $"permissions.fs: {{ enabled: true, dirs: [\"{(path.Length > 0 ? path : "<directory>")}:{suffix}\"] }}";
        return services.Gate.Check(call.Host, call.Function, path, Verdict.Deny("permissions.fs grants nothing", remedy));
    }

    private string? Read(FileCall call, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer)
    {
        var opened = _files.OpenRead(new FileRequest(request).Path);
        if (!opened.IsSuccess)
        {
            return call.Tell(opened.Fault);
        }

        using var file = opened.Value;
        return FileAnswers.WriteContent(answer, file, services.MaxAnswerBytes);
    }

    private string? ReadLines(FileCall call, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer)
    {
        var asked = new FileRequest(request);
        var opened = _files.OpenRead(asked.Path);
        if (!opened.IsSuccess)
        {
            return call.Tell(opened.Fault);
        }

        using var file = opened.Value;
        var window = new LineWindow(asked.Offset, asked.Limit, services.MaxAnswerBytes);
        return window.Read(file, asked.Path, call) ?? FileAnswers.WriteLines(answer, window, asked.Offset);
    }

    private string? List(FileCall call, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer)
    {
        var asked = new FileRequest(request);
        var listed = _files.List(asked.Path, call.Cancellation);
        return listed.IsSuccess ? FileAnswers.WriteEntries(answer, listed.Value, asked.IsLong) : call.Tell(listed.Fault);
    }

    private string? Delete(FileCall call, FileRequest request) => _files.Delete(request.Path, call.Cancellation) is { } fault ? call.Tell(fault) : null;

    private string? SetMode(FileCall call, FileRequest request)
    {
        var mode = (UnixFileMode)(request.Mode & ModeBits);
        return _files.SetMode(request.Path, mode, request.IsRecursive, call.Cancellation) is { } fault ? call.Tell(fault) : null;
    }

    private string? Grep(FileCall call, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer)
    {
        var asked = new GrepRequest(request);
        if (!GuestRegex.TryParse("pattern", asked.Pattern, asked.IgnoresCase, asked.IsFixed, Defences, out var regex, out var fault)
            || !FileFilter.TryParse(asked, Limits.Patterns, out var filter, out fault))
        {
            return fault;
        }

        var found = new GrepAnswer(services.MaxAnswerBytes);
        var lines = new LineSearch(regex, asked, found, Limits.Lines, new(services.Time, Defences));
        fault = new FileSearch(_files, asked, Limits, filter, lines, found).Run(call);
        if (fault is null)
        {
            found.WriteTo(answer);
        }

        return fault;
    }

    private string? GetDiskSpace(FileCall call, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer)
    {
        var path = new FileRequest(request).Path;
        if (path.Length == 0)
        {
            path = _files.DefaultDirectory ?? "";
        }

        var space = _files.GetDiskSpace(path);
        return space.IsSuccess ? FileAnswers.WriteSpace(answer, space.Value) : call.Tell(space.Fault);
    }
}
