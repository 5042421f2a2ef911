using System.Buffers;
using System.Globalization;
using System.Text;
using Luminarys.Contracts;
using Luminarys.Files;
using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Runtime.Wasm.Engine;
using Luminarys.Runtime.Wasm.HostFunctions;
using Luminarys.Runtime.Wasm.HostFunctions.Files;
using Luminarys.Skills.Messages;
using MessagePack;
using MessagePack.Resolvers;
using Microsoft.Extensions.DependencyInjection;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Files;

/// <summary>A directory of its own with the functions of a skill to which it is granted.</summary>
internal sealed class FileStage : IAsyncDisposable
{
    /// <summary>Stands for the directory in golden files; as long as every real one.</summary>
    public const string GoldenRoot = "/tmp/luminarys-files-00000000";

    private const string Prefix = "/tmp/luminarys-files-";

    private static readonly MessagePackSerializerOptions s_primitive =
        MessagePackSerializerOptions.Standard.WithResolver(PrimitiveObjectResolver.Instance);

    private static readonly IFileAccess s_access =
        new ServiceCollection().AddFileAccess(options => options.IsDurable = false).BuildServiceProvider().GetRequiredService<IFileAccess>();

    private readonly CancellationTokenSource _cancellation = new();
    private readonly Interruption _interruption;
    private readonly HostCall _call;
    private readonly FileFunctions _functions;
    private readonly IGrantedFiles _files;

    public FileStage(
        Func<string, DirectoryGrant[]>? grants = null,
        SearchLimits? limits = null,
        RegexDefences? defences = null,
        TimeProvider? time = null,
        int maxAnswerBytes = 16 * 1024 * 1024,
        IGrantedFiles? files = null)
    {
        Root = Prefix + Guid.NewGuid().ToString("N")[..8];
        Directory.CreateDirectory(Root);
        Assert.Equal(GoldenRoot.Length, Root.Length);
        time ??= TimeProvider.System;
        _interruption = new(time, _cancellation.Token);
        _call = new(_interruption, time);
        var manifest = new Manifest(new("guest"), "guest.yaml", "guest.wasm")
        {
            Permissions = PermissionSet.None with { Directories = [.. grants?.Invoke(Root) ?? [new(Root, AccessMode.ReadWrite)]] },
        };

        // Granted directories are opened at once, so they must be there.
        foreach (var (pattern, _) in manifest.Permissions.Directories)
        {
            if (!pattern.Contains('*', StringComparison.Ordinal) && !pattern.EndsWith("/missing", StringComparison.Ordinal))
            {
                Directory.CreateDirectory(pattern);
            }
        }

        List<string> warnings = [];
        _files = files ?? s_access.Grant(manifest.Permissions.Directories, warnings);
        var services = new SkillServices
        {
            Manifest = manifest,
            Options = new WasmRuntimeOptions(),
            Gate = new PermissionGate(manifest, Log),
            Log = new SkillLog(manifest, Log, time, true),
            Logger = Log,
            Time = time,
            Files = s_access,
            Host = new LonelyHost(),
            Callbacks = new NoCallbacks(),
            GrantedFiles = _files,
            MaxAnswerBytes = maxAnswerBytes,
        };
        _functions = new(services) { Limits = limits ?? SearchLimits.Standard, Defences = defences ?? RegexDefences.All };
    }

    public string Root { get; }

    public LogLines Log { get; } = new();

    public void Cancel() => _cancellation.Cancel();

    public string PathOf(string relative) => relative.Length == 0 ? Root : $"{Root}/{relative}";

    public static string[] Texts(params string[] texts) => texts;

    public UnixFileMode ModeOf(string relative) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(PathOf(relative));

    public void SetMode(string relative, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(PathOf(relative), mode);
        }
    }

    /// <summary>Makes a file with its parents.</summary>
    public FileStage With(string relative, string content = "") => With(relative, Encoding.UTF8.GetBytes(content));

    public FileStage With(string relative, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        File.WriteAllBytes(PathOf(relative), content);
        SetMode(relative, (UnixFileMode)0x1A4);
        return this;
    }

    public FileStage WithDirectory(string relative)
    {
        Directory.CreateDirectory(PathOf(relative));
        return this;
    }

    /// <summary>Calls a function with a request as bytes, as the engine does it.</summary>
    public byte[] Send(string function, ReadOnlyMemory<byte> request)
    {
        var answer = new ArrayBufferWriter<byte>();
        var error = request.Length > 0 && MessageGuard.FindFault(request.Span) is { } fault
            ? $"malformed request: {fault}"
            : _functions.Find(function)!(_call, request, answer);
        if (error is null)
        {
            Assert.Null(MessageGuard.FindFault(answer.WrittenSpan));
            return answer.WrittenSpan.ToArray();
        }

        return MessagePackSerializer.Serialize(new Dictionary<string, string> { ["error"] = error });
    }

    /// <summary>Calls a function with fields and decodes the answer.</summary>
    public Dictionary<object, object> Ask(string function, params (string Key, object? Value)[] fields)
    {
        var request = MessagePackSerializer.Serialize<object>(fields.ToDictionary(field => (object)field.Key, field => field.Value), s_primitive);
        return (Dictionary<object, object>)MessagePackSerializer.Deserialize<object>(Send(function, request), s_primitive)!;
    }

    /// <summary>Calls a function that must not fail.</summary>
    public Dictionary<object, object> Do(string function, params (string Key, object? Value)[] fields)
    {
        var answer = Ask(function, fields);
        Assert.False(answer.TryGetValue("error", out var error), error as string);
        return answer;
    }

    /// <summary>Calls a function that must fail.</summary>
    public string Fail(string function, params (string Key, object? Value)[] fields) => (string)Ask(function, fields)["error"];

    /// <summary>The files that a search found, as one text: <c>path:line:start-end,start-end</c>.</summary>
    public string[] Grep(params (string Key, object? Value)[] fields) =>
    [
        .. from file in Items(Do("fs_grep", fields)["matches"])
           from line in Items(file["matches"]) is { Length: > 0 } lines ? lines : [null!]
           select line is null ? $"{file["path"]}" : $"{file["path"]}:{line["line_num"]}:{RangesOf(line)}",
    ];

    /// <summary>The paths that a search found; a directory ends with a slash.</summary>
    public string[] Glob(params (string Key, object? Value)[] fields) =>
        [.. Items(Do("fs_glob", fields)["matches"]).Select(match => (bool)match["is_dir"] ? $"{match["path"]}/" : $"{match["path"]}")];

    public static Dictionary<object, object>[] Items(object array) => [.. ((object[])array).Cast<Dictionary<object, object>>()];

    public async ValueTask DisposeAsync()
    {
        await _functions.DisposeAsync();
        _files.Dispose();
        _interruption.Dispose();
        _cancellation.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    private static string RangesOf(Dictionary<object, object> line) =>
        string.Join(',', Items(line["ranges"]).Select(range => string.Create(CultureInfo.InvariantCulture, $"{range["start"]}-{range["end"]}")));
}
