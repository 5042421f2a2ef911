using Luminarys.Ports;

namespace Luminarys.Files.Tests;

public sealed class GrantedFilesTests : IDisposable
{
    private readonly GrantedTree _tree = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void OpenRead_GrantedFile_GivesItsContent()
    {
        _tree.Write("inside/a/b.txt", "content");
        using var files = _tree.Grant("inside:ro");

        Assert.Equal("content", GrantedTree.TextOf(files.OpenRead($"{_tree.Inside}/a//./b.txt")));
    }

    [Fact]
    public void Create_MissingParents_AreMade()
    {
        using var files = _tree.Grant("inside:rw");

        Assert.Null(GrantedTree.Put(files, $"{_tree.Inside}/x/y/z.txt", "new"));

        Assert.Equal("new", _tree.Read("inside/x/y/z.txt"));
        Assert.Equal(["z.txt"], GrantedTree.NamesOf(files.List($"{_tree.Inside}/x/y", Token)));
    }

    [Fact]
    public void Walk_Tree_GoesBySegmentsAndADirectoryBeforeItsContent()
    {
        _tree.Write("inside/a/1.txt", "");
        _tree.Write("inside/a.txt", "");
        _tree.Write("inside/a/b/2.txt", "");
        _tree.Link("inside/link", "a");
        using var files = _tree.Grant("inside:ro");

        var walk = files.Walk(_tree.Inside, new WalkOptions(), Token);

        Assert.Equal(["a", "a/1.txt", "a/b", "a/b/2.txt", "a.txt", "link"], walk.Value!.Select(entry => entry.RelativePath));
    }

    [Fact]
    public void Delete_Directory_TakesItsContentAndNoLinkTarget()
    {
        _tree.Write("inside/gone/a/b.txt", "");
        _tree.Link("inside/gone/link", _tree.Outside);
        using var files = _tree.Grant("inside:rw");

        Assert.Null(files.Delete($"{_tree.Inside}/gone", Token));

        Assert.False(Directory.Exists(_tree.PathOf("inside/gone")));
        Assert.Equal(GrantedTree.Secret, _tree.Read("outside/secret.txt"));
    }

    [Fact]
    public void CreateTree_Commit_JoinsWhatIsThere()
    {
        _tree.Write("inside/out/a/old.txt", "old");
        _tree.Write("inside/out/a/both.txt", "old");
        using var files = _tree.Grant("inside:rw");
        using var tree = files.CreateTree($"{_tree.Inside}/out").Value!;
        foreach (var name in (string[])["a/both.txt", "a/b/new.txt"])
        {
            using var content = tree.CreateFile(name, (UnixFileMode)0b110_100_100).Value!;
            content.Write("new"u8);
        }

        Assert.Null(tree.Commit(Token));
        tree.Dispose();

        Assert.Equal("old", _tree.Read("inside/out/a/old.txt"));
        Assert.Equal("new", _tree.Read("inside/out/a/both.txt"));
        Assert.Equal("new", _tree.Read("inside/out/a/b/new.txt"));
        Assert.Equal(["a"], Directory.EnumerateFileSystemEntries(_tree.PathOf("inside/out")).Select(Path.GetFileName));
    }
}
