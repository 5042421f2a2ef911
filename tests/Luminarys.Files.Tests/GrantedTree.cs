using System.Collections.Immutable;
using System.Text;
using Luminarys.Permissions;
using Luminarys.Ports;
using Microsoft.Extensions.Options;

namespace Luminarys.Files.Tests;

/// <summary>A directory of its own, <c>Root</c>, with an <c>inside</c> that is granted and an <c>outside</c> that is not.</summary>
internal sealed class GrantedTree : IDisposable
{
    public const string Secret = "the secret";

    public GrantedTree()
    {
        Root = Directory.CreateTempSubdirectory("lm-files-").FullName;
        Inside = Make("inside");
        Outside = Make("outside");
        Write("outside/secret.txt", Secret);
    }

    public string Root { get; }

    public string Inside { get; }

    public string Outside { get; }

    public List<string> Warnings { get; } = [];

    public FileAccessOptions Options { get; init; } = new() { IsDurable = false };

    public FileDefences Defences { get; init; } = FileDefences.All;

    public WalkLimits Limits { get; init; } = new();

    public Func<long, long> Reserve { get; init; } = _ => 0;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public bool HasHandles { get; init; } = true;

    public bool UsesKernel { get; init; } = true;

    public string PathOf(string relative) => Path.Combine(Root, relative);

    public string Make(string relative) => Directory.CreateDirectory(PathOf(relative)).FullName;

    public string Write(string relative, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        File.WriteAllText(PathOf(relative), text);
        return PathOf(relative);
    }

    public string Link(string relative, string target)
    {
        File.CreateSymbolicLink(PathOf(relative), target);
        return PathOf(relative);
    }

    public string Read(string relative) => File.ReadAllText(PathOf(relative));

    /// <summary>Grants such as <c>inside:rw</c>, from the root of the tree; absolute ones stay as they are.</summary>
    public IGrantedFiles Grant(params string[] entries) => Access().Grant([.. entries.Select(Parse)], Warnings);

    public IFileAccess Access() => new AnchoredFileAccess(Microsoft.Extensions.Options.Options.Create(Options), Time)
    {
        Defences = Defences, Limits = Limits, Reserve = Reserve, UsesKernel = UsesKernel, HasHandles = HasHandles,
    };

    public static string TextOf(FileResult<Stream> opened)
    {
        Assert.Null(opened.Fault);
        using var reader = new StreamReader(opened.Value!);
        return reader.ReadToEnd();
    }

    public static FileFault? Put(IGrantedFiles files, string path, string text, FileCreation creation = FileCreation.Replace)
    {
        var begun = files.Create(path, creation);
        if (!begun.IsSuccess)
        {
            return begun.Fault;
        }

        using var staged = begun.Value;
        staged.Content.Write(Encoding.UTF8.GetBytes(text));
        return staged.Commit();
    }

    public static ImmutableArray<string> NamesOf(FileResult<ImmutableArray<FileEntry>> listed)
    {
        Assert.Null(listed.Fault);
        return [.. listed.Value.Select(entry => entry.Name)];
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private DirectoryGrant Parse(string entry)
    {
        var colon = entry.LastIndexOf(':');
        return new(Path.Combine(Root, entry[..colon]), entry[colon..] == ":rw" ? AccessMode.ReadWrite : AccessMode.ReadOnly);
    }
}
