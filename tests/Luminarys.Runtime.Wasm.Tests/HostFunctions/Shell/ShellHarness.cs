using System.Buffers;
using Luminarys.Contracts;
using Luminarys.Files;
using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm.Engine;
using Luminarys.Runtime.Wasm.HostFunctions;
using Luminarys.Runtime.Wasm.HostFunctions.Shell;
using Luminarys.Skills;
using MessagePack;
using MessagePack.Resolvers;
using Microsoft.Extensions.DependencyInjection;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Shell;

/// <summary>The shell function of one skill, with directories of its own that it deletes.</summary>
internal sealed class ShellHarness : IAsyncDisposable
{
    private static readonly IFileAccess s_files = new ServiceCollection().AddFileAccess(_ => { }).BuildServiceProvider().GetRequiredService<IFileAccess>();

    private static readonly MessagePackSerializerOptions s_primitive =
        MessagePackSerializerOptions.Standard.WithResolver(PrimitiveObjectResolver.Instance);

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("luminarys-shell-");
    private readonly SkillServices _services;

    public ShellHarness(
        string[]? allow = null,
        ShellDefences? defences = null,
        Action<WasmRuntimeOptions>? configure = null,
        (string Key, string Value)[]? environment = null,
        bool readOnly = false,
        Func<string, (DirectoryGrant[] Files, string[] Work)>? grants = null)
    {
        Work = Directory.CreateDirectory(Path.Combine(_root.FullName, "work")).FullName;
        Outside = Directory.CreateDirectory(Path.Combine(_root.FullName, "outside")).FullName;
        var (files, work) = grants?.Invoke(_root.FullName) ?? ([new DirectoryGrant(Work, readOnly ? AccessMode.ReadOnly : AccessMode.ReadWrite)], [Work]);
        var options = new WasmRuntimeOptions { StateDirectory = Path.Combine(_root.FullName, "state") };
        configure?.Invoke(options);
        var manifest = new Manifest(new SkillId("sh"), "sh.yaml", "/sh.wasm")
        {
            Permissions = PermissionSet.None with
            {
                Directories = [.. files],
                Shell = allow is [] ? null : new ShellPermission([.. allow ?? ["**"]], [.. work]),
                Environment = (environment ?? []).Aggregate(PermissionSet.None.Environment, (all, pair) => all.SetItem(pair.Key, pair.Value)),
            },
        };
        Options = options;
        _services = new SkillServices
        {
            Manifest = manifest,
            Options = options,
            Gate = new PermissionGate(manifest, Log),
            Log = new SkillLog(manifest, Log, TimeProvider.System, true),
            Logger = Log,
            Time = TimeProvider.System,
            Files = s_files,
            Host = new LonelyHost(),
            Callbacks = new NoCallbacks(),
            GrantedFiles = s_files.Grant(manifest.Permissions.Directories, new List<string>()),
            MaxAnswerBytes = 16 * 1024 * 1024,
        };
        Functions = new ShellFunctions(_services, defences ?? ShellDefences.All);
    }

    public LogLines Log { get; } = new();

    public WasmRuntimeOptions Options { get; }

    public ShellFunctions Functions { get; private set; }

    public string Work { get; }

    public string Outside { get; }

    public string State => Options.StateDirectory!;

    /// <summary>Runs a command; the answer's error, or its other fields.</summary>
    public (string? Error, IDictionary<object, object?> Fields) Run(
        string command, string workdir = "", int timeout = 0, int tail = 0, string grep = "", bool daemon = false, string? logFile = null, CancellationToken? cancellation = null) =>
        Send(Message(new()
        {
            ["command"] = command,
            ["workdir"] = workdir,
            ["timeout_ms"] = timeout,
            ["tail"] = tail,
            ["grep"] = grep,
            ["as_daemon"] = daemon,
            ["log_file"] = logFile ?? (daemon ? Path.Combine(Work, "daemon.log") : ""),
        }), cancellation);

    public (string? Error, IDictionary<object, object?> Fields) Send(ReadOnlyMemory<byte> request, CancellationToken? cancellation = null)
    {
        using var interruption = new Interruption(TimeProvider.System, CancellationToken.None);
        interruption.Arm(long.MaxValue, cancellation ?? CancellationToken.None);
        var answer = new ArrayBufferWriter<byte>();
        var error = Functions.Find("shell_exec")!(new HostCall(interruption, TimeProvider.System), request, answer);
        return (error, error is null ? (IDictionary<object, object?>)MessagePackSerializer.Deserialize<object>(answer.WrittenMemory, s_primitive, CancellationToken.None) : new Dictionary<object, object?>());
    }

    /// <summary>The bytes of an answer that is not an error.</summary>
    public byte[] Answer(byte[] request)
    {
        using var interruption = new Interruption(TimeProvider.System, CancellationToken.None);
        interruption.Arm(long.MaxValue, CancellationToken.None);
        var answer = new ArrayBufferWriter<byte>();
        Assert.Null(Functions.Find("shell_exec")!(new HostCall(interruption, TimeProvider.System), request, answer));
        return answer.WrittenSpan.ToArray();
    }

    /// <summary>Runs a command that must be allowed and end well; its output.</summary>
    public string Output(string command, string workdir = "", int tail = 0, string grep = "")
    {
        var (error, fields) = Run(command, workdir, tail: tail, grep: grep);
        Assert.Null(error);
        Assert.Equal(0, Convert.ToInt32(fields["exit_code"], System.Globalization.CultureInfo.InvariantCulture));
        return (string)fields["output"]!;
    }

    public string WriteScript(string name, string body)
    {
        var file = Path.Combine(Work, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, (UnixFileMode)0x1ED);
        }

        return file;
    }

    /// <summary>Begins again, as after a crash of the host: nothing of the old function is disposed.</summary>
    public void Restart() => Functions = new ShellFunctions(_services);

    public async ValueTask DisposeAsync()
    {
        await Functions.DisposeAsync();
        _services.GrantedFiles.Dispose();
        _root.Delete(recursive: true);
    }

    private static byte[] Message(Dictionary<string, object> fields) => MessagePackSerializer.Serialize(fields, cancellationToken: CancellationToken.None);
}
