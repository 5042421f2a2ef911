using Luminarys.Permissions;
using Luminarys.Ports;

namespace Luminarys.Files.Tests.ByPath;

/// <summary>What stands in on systems without handles; tested here with the handles left alone.</summary>
public sealed class PathFilesTests : IDisposable
{
    private readonly GrantedTree _tree = new() { HasHandles = false, Options = new() { AllowUnsafePaths = true } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Grant_WithoutTheOption_OpensNothing()
    {
        using var tree = new GrantedTree { HasHandles = false };
        tree.Write("inside/a.txt", "");
        using var files = tree.Grant("inside:rw");

        Assert.Contains("fs.unsafe_paths", Assert.Single(tree.Warnings), StringComparison.Ordinal);
        Assert.Equal(FileError.Denied, files.OpenRead($"{tree.Inside}/a.txt").Fault?.Error);
        Assert.Equal(FileError.Denied, files.Create($"{tree.Inside}/a.txt", FileCreation.Replace).Fault?.Error);
        Assert.Equal(FileError.Denied, files.Delete($"{tree.Inside}/a.txt", Token)?.Error);
    }

    [Fact]
    public void Acts_InsideTheGrant_Work()
    {
        using var files = _tree.Grant("inside:rw");
        var path = $"{_tree.Inside}/a/b.txt";

        Assert.Null(GrantedTree.Put(files, path, "one"));
        Assert.Null(GrantedTree.Put(files, path, " two", FileCreation.Append));
        Assert.Equal(FileError.AlreadyExists, GrantedTree.Put(files, path, "x", FileCreation.CreateNew)?.Error);
        Assert.Equal("one two", GrantedTree.TextOf(files.OpenRead(path)));
        Assert.Equal(7, files.Stat(path).Value!.Length);
        Assert.Null(files.CreateDirectory($"{_tree.Inside}/a/c"));
        Assert.Equal(["b.txt", "c"], GrantedTree.NamesOf(files.List($"{_tree.Inside}/a", Token)));
        Assert.Equal(["a", "a/b.txt", "a/c"], files.Walk(_tree.Inside, new WalkOptions(), Token).Value!.Select(entry => entry.RelativePath));
        Assert.Null(files.SetMode(path, (UnixFileMode)0x1C0, false, Token));
        Assert.True(files.GetDiskSpace(path).Value.Total > 0);
        Assert.Null(files.Delete($"{_tree.Inside}/a", Token));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_tree.Inside));
        Assert.Equal(FileError.NotFound, files.OpenRead(path).Fault?.Error);
        Assert.Equal(FileError.Io, files.CreateTree(_tree.Inside).Fault?.Error);
    }

    [Fact]
    public void S1_LinkOutOfTheGrant_IsDenied()
    {
        _tree.Link("inside/link", _tree.Outside);
        using var files = _tree.Grant("inside:rw");

        Assert.Equal(FileError.Denied, files.OpenRead($"{_tree.Inside}/link/secret.txt").Fault?.Error);
        Assert.Equal(FileError.Denied, GrantedTree.Put(files, $"{_tree.Inside}/link/new.txt", "x")?.Error);
        Assert.Equal(FileError.Denied, files.OpenRead($"{_tree.Outside}/secret.txt").Fault?.Error);
        Assert.Null(files.Delete($"{_tree.Inside}/link", Token));
        Assert.Equal(GrantedTree.Secret, _tree.Read("outside/secret.txt"));
    }

    [Fact]
    public void S2_ReadOnlyInsideReadWrite_StaysReadOnly()
    {
        _tree.Write("inside/a/keep/a.txt", "kept");
        _tree.Link("inside/link", "a/keep");
        using var files = _tree.Grant("inside:rw", "inside/a/keep:ro");

        Assert.Equal(FileError.Denied, GrantedTree.Put(files, $"{_tree.Inside}/link/a.txt", "x")?.Error);
        Assert.Equal(FileError.Denied, files.Delete($"{_tree.Inside}/a", Token)?.Error);
        Assert.Equal(FileError.Denied, files.Delete(_tree.Inside, Token)?.Error);
        Assert.Equal("kept", _tree.Read("inside/a/keep/a.txt"));
    }
}
