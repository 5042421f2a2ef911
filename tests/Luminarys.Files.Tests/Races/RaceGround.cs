using System.Diagnostics;
using Luminarys.Ports;

namespace Luminarys.Files.Tests.Races;

/// <summary>
/// A granted tree whose <c>a/b</c> is what the acts name. One thread exchanges <c>a</c> with a link that leads out, another one <c>b</c> with
/// another such link. Outside stands the same tree with a secret in it.
/// </summary>
internal sealed class RaceGround : IDisposable
{
    public const string OnlyOutside = "only-outside.txt";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string _before;

    public RaceGround(bool usesKernel = true, FileDefences? defences = null)
    {
        Tree = new() { UsesKernel = usesKernel, Defences = defences ?? FileDefences.All };
        Fill("inside/a/b", "public");
        Fill("outside", GrantedTree.Secret);
        Fill("outside/b", GrantedTree.Secret);
        Tree.Write($"outside/{OnlyOutside}", GrantedTree.Secret);
        Tree.Write($"outside/b/{OnlyOutside}", GrantedTree.Secret);
        Tree.Link("inside/link", "../outside");
        Tree.Link("inside/a/link", Tree.PathOf("outside/b"));
        Files = Tree.Grant("inside:rw");
        _before = Outside();
    }

    public GrantedTree Tree { get; }

    public IGrantedFiles Files { get; }

    /// <summary>The directory that the acts name.</summary>
    public string Target => $"{Tree.Inside}/a/b";

    /// <summary>How often an act did what it should.</summary>
    public long Done { get; private set; }

    /// <summary>How often an act was tried.</summary>
    public long Tries { get; private set; }

    /// <summary>Acts until something leaks, or the time is up and the act did what it should at least once; tells whether something did.</summary>
    public bool Leaks(RaceAct act, TimeSpan time)
    {
        const int TriesPerLook = 32;
        var longest = time + TimeSpan.FromSeconds(30);
        using var inner = new Swapper(Tree.PathOf("inside/a"), "b", "link");
        using var outer = new Swapper(Tree.Inside, "a", "link");
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) is var elapsed && elapsed < longest && (elapsed < time || Done == 0))
        {
            var outcome = act(this);
            Tries++;
            Done += outcome == RaceOutcome.Done ? 1 : 0;
            if (outcome == RaceOutcome.Leaked || (Tries % TriesPerLook == 0 && Outside() != _before))
            {
                return true;
            }
        }

        return Outside() != _before;
    }

    /// <summary>Names of the host's own that are left inside.</summary>
    public IEnumerable<string> Leftovers() => Directory.EnumerateFileSystemEntries(Tree.Inside, ".lm-staging*", SearchOption.AllDirectories);

    public void Dispose()
    {
        Files.Dispose();
        Tree.Dispose();
    }

    private void Fill(string directory, string content)
    {
        File.SetUnixFileMode(Tree.Write($"{directory}/secret.txt", content), Private);
        Tree.Write($"{directory}/victim/keep.txt", content);
    }

    private string Outside() => string.Join(
        '\n',
        from path in Directory.EnumerateFileSystemEntries(Tree.Outside, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        select $"{path} {File.GetUnixFileMode(path)} {(File.Exists(path) ? File.ReadAllText(path) : "")}");
}
