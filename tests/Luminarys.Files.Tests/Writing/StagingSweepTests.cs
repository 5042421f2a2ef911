using Luminarys.Ports;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Files.Tests.Writing;

public sealed class StagingSweepTests : IDisposable
{
    private readonly GrantedTree _tree = new() { Time = new FakeTimeProvider(DateTimeOffset.UtcNow + TimeSpan.FromMinutes(2)) };

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Grant_LeftoversOfAHostThatDied_AreRemoved()
    {
        _tree.Write("inside/a/.lm-staging-0123", "half");
        _tree.Write("inside/.lm-staging-4567/a/b.txt", "half");
        _tree.Link("inside/.lm-staging-4567/link", _tree.Outside);
        _tree.Write("inside/a/.lm-other", "kept");

        using var files = _tree.Grant("inside:rw");

        Assert.Equal(
            ["a", "a/.lm-other"],
            Directory.EnumerateFileSystemEntries(_tree.Inside, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(_tree.Inside, path)));
        Assert.Equal(GrantedTree.Secret, _tree.Read("outside/secret.txt"));
    }

    [Fact]
    public void Grant_FileThatIsBeingWritten_Stays()
    {
        using var files = _tree.Grant("inside:rw");
        using var staged = files.Create($"{_tree.Inside}/a.txt", FileCreation.Replace).Value!;
        using var tree = files.CreateTree(_tree.Inside).Value!;

        using var again = _tree.Grant("inside:rw");

        Assert.Equal(2, Directory.EnumerateFileSystemEntries(_tree.Inside).Count());
        Assert.Null(staged.Commit());
    }

    [Fact]
    public void Grant_YoungOrReadOnlyOrOutside_Stays()
    {
        using var young = new GrantedTree();
        young.Write("inside/.lm-staging-0", "");
        _tree.Write("inside/.lm-staging-0", "");
        _tree.Write("outside/.lm-staging-0", "");
        _tree.Write("other/a", "");
        _tree.Link("other/link", "../outside");

        using var one = young.Grant("inside:rw");
        using var two = _tree.Grant("inside:ro", "other:rw");

        Assert.True(File.Exists(young.PathOf("inside/.lm-staging-0")));
        Assert.True(File.Exists(_tree.PathOf("inside/.lm-staging-0")));
        Assert.True(File.Exists(_tree.PathOf("outside/.lm-staging-0")));
    }
}
