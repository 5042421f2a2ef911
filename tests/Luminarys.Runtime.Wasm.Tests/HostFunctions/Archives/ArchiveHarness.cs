using System.Buffers;
using Luminarys.Files;
using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm.Engine;
using Luminarys.Runtime.Wasm.HostFunctions;
using Luminarys.Runtime.Wasm.HostFunctions.Archives;
using MessagePack;
using MessagePack.Resolvers;
using Microsoft.Extensions.DependencyInjection;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Archives;

/// <summary>
/// The archive functions on a directory of their own: <c>in</c> is granted to be read, <c>data</c> to be written, <c>outside</c> not at all.
/// </summary>
internal sealed class ArchiveHarness : IDisposable
{
    private static readonly MessagePackSerializerOptions s_primitive =
        MessagePackSerializerOptions.Standard.WithResolver(PrimitiveObjectResolver.Instance);

    private readonly IGrantedFiles _files;
    private readonly ArchiveFunctions _functions;
    private readonly Interruption _interruption;
    private readonly HostCall _call;

    public ArchiveHarness(ArchiveDefences? defences = null, ArchiveLimits? limits = null, bool isNaive = false, bool skipsLinks = false, int maxAnswer = int.MaxValue, CancellationToken cancellation = default)
    {
        Root = Directory.CreateTempSubdirectory("lm-archives-").FullName;
        foreach (var name in (string[])["in", "data", "data/dest", "outside"])
        {
            Directory.CreateDirectory(PathOf(name));
        }

        File.WriteAllText(PathOf("outside/secret.txt"), "secret");
        _files = isNaive ? new NaiveFiles() : Grant(new(PathOf("in"), AccessMode.ReadOnly), new(PathOf("data"), AccessMode.ReadWrite));
        _functions = new ArchiveFunctions(new PermissionGate(new Manifest(new("guest"), "", ""), Log), _files, skipsLinks)
        {
            Defences = defences ?? ArchiveDefences.All,
            Limits = limits ?? ArchiveLimits.Standard,
            MaxAnswerBytes = maxAnswer,
        };
        _interruption = new Interruption(TimeProvider.System, cancellation);
        _call = new HostCall(_interruption, TimeProvider.System);
    }

    public LogLines Log { get; } = new();

    public string Root { get; }

    public string PathOf(string name) => Path.Combine(Root, name);

    /// <summary>Writes a file and its directories.</summary>
    public ArchiveHarness Write(string name, string content = "x") => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    public ArchiveHarness Write(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllBytes(PathOf(name), content);
        return this;
    }

    /// <summary>Asks a function; the answer has <c>error</c> when it failed.</summary>
    public Dictionary<object, object> Ask(string function, params (string Key, object Value)[] fields) =>
        Decode(AskRaw(function, MessagePackSerializer.Serialize(fields.ToDictionary(field => field.Key, field => field.Value))));

    /// <summary>The bytes that the guest would get.</summary>
    public byte[] AskRaw(string function, ReadOnlyMemory<byte> request)
    {
        var answer = new ArrayBufferWriter<byte>();
        var error = _functions.Find(function)!(_call, request, answer);
        return error is null ? answer.WrittenSpan.ToArray() : MessagePackSerializer.Serialize(new Dictionary<string, string> { ["error"] = error });
    }

    /// <summary>Asks with a request whose paths begin at this directory.</summary>
    public byte[] AskRooted(string function, ReadOnlyMemory<byte> request)
    {
        var answer = new ArrayBufferWriter<byte>();
        var rooted = new ArchiveFunctions(new PermissionGate(new Manifest(new("guest"), "", ""), Log), new RootedFiles(_files, Root), skipsLinks: false);
        Assert.Null(rooted.Find(function)!(_call, request, answer));
        return answer.WrittenSpan.ToArray();
    }

    public static Dictionary<object, object> Decode(byte[] answer) => (Dictionary<object, object>)MessagePackSerializer.Deserialize<object>(answer, s_primitive)!;

    public Dictionary<object, object> Unpack(string archive = "in/a", string format = "", string exclude = "", int strip = 0, string dest = "data/dest") =>
        Ask("archive_unpack", ("archive", PathOf(archive)), ("dest", PathOf(dest)), ("format", format), ("exclude", exclude), ("strip", strip));

    public Dictionary<object, object> Pack(string source, string output, string format = "", string exclude = "") =>
        Ask("archive_pack", ("source", PathOf(source)), ("output", PathOf(output)), ("format", format), ("exclude", exclude));

    public Dictionary<object, object> List(string archive = "in/a", string format = "", string exclude = "") =>
        Ask("archive_list", ("archive", PathOf(archive)), ("format", format), ("exclude", exclude));

    /// <summary>Names as listed, in their order.</summary>
    public string[] Names(string archive = "in/a", string format = "", string exclude = "") =>
        [.. ((object[])List(archive, format, exclude)["entries"]).Select(entry => (string)((Dictionary<object, object>)entry)["name"])];

    /// <summary>Everything below a directory, with content, link target and mode, as one line each.</summary>
    public string[] Snapshot(string name = "")
    {
        var root = PathOf(name);
        return [.. Walk(new DirectoryInfo(root)).Select(info => Describe(root, info)).Order(StringComparer.Ordinal)];
    }

    public void Dispose()
    {
        _interruption.Dispose();
        _files.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    private static IGrantedFiles Grant(params DirectoryGrant[] grants) =>
        new ServiceCollection().AddFileAccess(options => options.IsDurable = false).BuildServiceProvider().GetRequiredService<IFileAccess>().Grant([.. grants], []);

    private static IEnumerable<FileSystemInfo> Walk(DirectoryInfo directory)
    {
        foreach (var info in directory.EnumerateFileSystemInfos())
        {
            yield return info;
            if (info is DirectoryInfo { LinkTarget: null } below)
            {
                foreach (var deeper in Walk(below))
                {
                    yield return deeper;
                }
            }
        }
    }

    private static string Describe(string root, FileSystemInfo info)
    {
        var name = Path.GetRelativePath(root, info.FullName);
        return info.LinkTarget is { } target ? $"{name} -> {target}"
            : info is DirectoryInfo ? $"{name}/"
            : $"{name} {Convert.ToString((int)info.UnixFileMode, 8)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(info.FullName)))[..8]}";
    }
}
