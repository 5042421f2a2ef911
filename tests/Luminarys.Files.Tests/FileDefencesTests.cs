using Luminarys.Files.Native;
using Luminarys.Ports;

namespace Luminarys.Files.Tests;

/// <summary>What each wall holds back: with it the act fails, without it the same act succeeds.</summary>
public sealed class FileDefencesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void S1_BeneathAndRealPath_HoldBackALinkThatLeadsOut(bool wall) => Compare(
        FileDefences.All with { Beneath = wall, RealPath = wall },
        wall,
        tree => tree.Link("inside/link", tree.Outside),
        (tree, files) => files.OpenRead($"{tree.Inside}/link/secret.txt").Fault);

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void S1_BeneathOrRealPath_AloneHoldsBackALinkThatLeadsOut(bool beneath, bool realPath) => Compare(
        FileDefences.All with { Beneath = beneath, RealPath = realPath },
        isRefused: true,
        tree => tree.Link("inside/link", tree.Outside),
        (tree, files) => files.OpenRead($"{tree.Inside}/link/secret.txt").Fault);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void S2_NestedReadOnly_HoldsBackAWriteThroughALink(bool wall) => Compare(
        FileDefences.All with { NestedReadOnly = wall },
        wall,
        tree =>
        {
            tree.Write("inside/keep/a.txt", "");
            tree.Link("inside/link", "keep");
        },
        (tree, files) => GrantedTree.Put(files, $"{tree.Inside}/link/a.txt", "x"),
        "inside:rw",
        "inside/keep:ro");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void S1_NoFollow_HoldsBackATreeBelowALink(bool wall) => Compare(
        FileDefences.All with { NoFollow = wall, RealPath = wall },
        wall,
        tree => tree.Link("inside/link", tree.Outside),
        (tree, files) =>
        {
            using var staged = files.CreateTree(tree.Inside).Value!;
            staged.CreateFile("link/new.txt", (UnixFileMode)0x1A4).Value!.Dispose();
            return staged.Commit(Token);
        });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void S1_Kind_HoldsBackADevice(bool wall) => Compare(
        FileDefences.All with { Kind = wall },
        wall,
        _ => { },
        (_, files) => files.OpenRead("/dev/zero").Fault,
        "/dev:ro");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void S1_KernelTrees_HoldBackProc(bool wall) => Compare(
        FileDefences.All with { KernelTrees = wall },
        wall,
        _ => { },
        (_, files) => files.OpenRead("/proc/self/environ").Fault ?? files.OpenRead("/proc/version").Fault,
        "/:ro");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void S1_ReservedNames_HoldBackAFileOfTheHost(bool wall) => Compare(
        FileDefences.All with { ReservedNames = wall },
        wall,
        tree =>
        {
            tree.Write("inside/.lm-staging-0/a.txt", "");
            tree.Link("inside/link", ".lm-staging-0");
        },
        (tree, files) => files.OpenRead($"{tree.Inside}/link/a.txt").Fault);

    [Theory]
    [InlineData(true, "inside/a/keep:ro")]
    [InlineData(true, "inside/a/k*:ro")]
    [InlineData(false, "inside/a/keep:ro")]
    [InlineData(false, "inside/a/k*:ro")]
    public void S2_KeepsGrants_HoldsBackRemovingADirectoryAroundAReadOnlyOne(bool wall, string nested) => Compare(
        FileDefences.All with { KeepsGrants = wall, NestedReadOnly = wall },
        wall,
        tree => tree.Write("inside/a/keep/a.txt", ""),
        (tree, files) => files.Delete($"{tree.Inside}/a", Token),
        "inside:rw",
        nested);

    private static void Compare(
        FileDefences defences, bool isRefused, Action<GrantedTree> prepare, Func<GrantedTree, IGrantedFiles, FileFault?> act, params string[] grants)
    {
        using var tree = new GrantedTree { Defences = defences };
        prepare(tree);
        using var files = tree.Grant(grants.Length == 0 ? ["inside:rw"] : grants);

        var fault = act(tree, files);

        Assert.Equal(isRefused ? FileError.Denied : null, fault?.Error);
    }
}
