using Luminarys.Ports;

namespace Luminarys.Files.Tests;

public sealed class KernelSandboxTests() : SandboxTests(usesKernel: true)
{
    [Fact]
    public void OpenRead_RelativeLinkThatStaysInside_IsFollowed()
    {
        Tree.Write("inside/a/a.txt", "content");
        Tree.Link("inside/a/link", "../a/a.txt");
        Tree.Link("inside/directory", "a");
        using var files = Tree.Grant("inside:rw");

        Assert.Equal("content", GrantedTree.TextOf(files.OpenRead($"{Tree.Inside}/directory/link")));
        Assert.Null(GrantedTree.Put(files, $"{Tree.Inside}/directory/link", "written"));
        Assert.Equal("written", Tree.Read("inside/a/a.txt"));
        Assert.NotNull(new FileInfo(Tree.PathOf("inside/a/link")).LinkTarget);
        Assert.True(files.Stat($"{Tree.Inside}/directory/link").Value!.IsLink);
        Assert.False(files.Stat($"{Tree.Inside}/directory/a.txt").Value!.IsLink);
    }

    [Fact]
    public void List_Links_ShowTheirTargetWhenItIsGranted()
    {
        Tree.Write("inside/a/a.txt", "content");
        Tree.Link("inside/directory", "a");
        Tree.Link("inside/file", "a/a.txt");
        Tree.Link("inside/out", "../outside");
        Tree.Link("inside/nowhere", "none");
        using var files = Tree.Grant("inside:ro");

        var listed = files.List(Tree.Inside, TestContext.Current.CancellationToken).Value;

        Assert.Equal(
            ["a False True 0", "directory True True 0", "file True False 7", "nowhere True False 4", "out True False 10"],
            listed.Select(entry => $"{entry.Name} {entry.IsLink} {entry.IsDirectory} {entry.Length}"));
    }
}
