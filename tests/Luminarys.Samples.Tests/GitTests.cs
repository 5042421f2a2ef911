namespace Luminarys.Samples;

public sealed class GitTests
{
    [Fact]
    public async Task Commit_OfStagedFiles_IsInTheLog()
    {
        await using var host = await StartAsync();
        var workdir = host.Data;
        host.Write("a.txt", "one\n");

        Assert.Equal("ok", await host.ResultAsync("add", new { workdir, paths = "a.txt" }));
        Assert.Contains("1 A. ", await host.ResultAsync("status", new { workdir }), StringComparison.Ordinal);
        Assert.StartsWith("[main (root-commit) ", await host.ResultAsync("commit", new { workdir, message = "First" }), StringComparison.Ordinal);

        Assert.Matches("^[0-9a-f]{7,} First$", await host.ResultAsync("log", new { workdir, oneline = true }));
        Assert.Matches("^[0-9a-f]{40} .+ Luminarys <luminarys@localhost>\nFirst$", await host.ResultAsync("log", new { workdir }));
        var status = await host.ResultAsync("status", new { workdir });
        Assert.Contains("# branch.head main", status, StringComparison.Ordinal);
        Assert.DoesNotContain("a.txt", status, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("It's \"done\" & $(safe); a | b > c `d` \\ e")]
    [InlineData("--amend")]
    [InlineData("Subject\n\nBody with two\nlines, ünïcode 😀")]
    public async Task Commit_WithAnyMessage_KeepsItToTheLetter(string message)
    {
        await using var host = await StartAsync();
        var workdir = host.Data;
        await CommitAsync(host, "a.txt", "one\n", message);

        var shown = await host.ResultAsync("show", new { workdir, stat = true });

        Assert.Contains(string.Join('\n', message.Split('\n').Select(line => "    " + line)), shown, StringComparison.Ordinal);
        Assert.Contains("a.txt | 1 +", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_OfSeveralPaths_StagesEachOfThem()
    {
        await using var host = await StartAsync();
        var workdir = host.Data;
        foreach (var name in new[] { "a", "b (1) & c", "it's", "-x", "e f" })
        {
            host.Write(name, "x\n");
        }

        await host.ResultAsync("add", new { workdir, paths = "a  'b (1) & c' it's\n-x e\\ f" });

        var staged = await host.ResultAsync("status", new { workdir });
        Assert.Equal(5, staged.Split('\n').Count(line => line.StartsWith("1 A.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Add_OfEverything_StagesDeletionsToo()
    {
        await using var host = await StartAsync();
        var workdir = host.Data;
        await CommitAsync(host, "a.txt", "one\n", "First");
        File.Delete(host.PathOf("a.txt"));
        host.Write("b.txt", "two\n");

        await host.ResultAsync("add", new { workdir, paths = "-A" });

        var status = await host.ResultAsync("status", new { workdir });
        Assert.Contains("1 D. ", status, StringComparison.Ordinal);
        Assert.Contains("1 A. ", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_OfChanges_TellsStagedFromUnstaged()
    {
        await using var host = await StartAsync();
        var workdir = host.Data;
        await CommitAsync(host, "a.txt", "one\n", "First");
        await CommitAsync(host, "b c.txt", "one\n", "Second");
        host.Write("a.txt", "one\ntwo\n");
        host.Write("b c.txt", "one\nthree\n");
        await host.ResultAsync("add", new { workdir, paths = "a.txt" });

        Assert.Contains("+two", await host.ResultAsync("diff", new { workdir, staged = true }), StringComparison.Ordinal);
        Assert.DoesNotContain("+two", await host.ResultAsync("diff", new { workdir }), StringComparison.Ordinal);
        Assert.Contains("+three", await host.ResultAsync("diff", new { workdir, path = "b c.txt" }), StringComparison.Ordinal);
        Assert.Equal("", await host.ResultAsync("diff", new { workdir, path = "a.txt" }));
        Assert.Contains("b c.txt | 1 +", await host.ResultAsync("diff_stat", new { workdir }), StringComparison.Ordinal);
        Assert.Contains("b c.txt | 1 +", await host.ResultAsync("diff_stat", new { workdir, from = "HEAD~1", to = "HEAD" }), StringComparison.Ordinal);
        Assert.Contains("b c.txt | 1 -", await host.ResultAsync("diff_stat", new { workdir, to = "HEAD~1" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_OfManyCommits_ObeysCountAndPath()
    {
        await using var host = await StartAsync();
        var workdir = host.Data;
        await CommitAsync(host, "a.txt", "one\n", "First");
        await CommitAsync(host, "b.txt", "two\n", "Second");
        await CommitAsync(host, "a.txt", "three\n", "Third");

        Assert.EndsWith(" Third", await host.ResultAsync("log", new { workdir, count = 1, oneline = true }), StringComparison.Ordinal);
        Assert.Equal(3, (await host.ResultAsync("log", new { workdir, oneline = true })).Split('\n').Length);
        Assert.EndsWith(" Second", await host.ResultAsync("log", new { workdir, path = "b.txt", oneline = true }), StringComparison.Ordinal);
        Assert.Contains("Luminarys", await host.ResultAsync("blame", new { workdir, path = "a.txt" }), StringComparison.Ordinal);
        Assert.Equal("two", await host.ResultAsync("show", new { workdir, @ref = "HEAD:b.txt" }));
    }

    [Fact]
    public async Task Branches_AreMadeAndSwitched()
    {
        await using var host = await StartAsync();
        var workdir = host.Data;
        await CommitAsync(host, "a.txt", "one\n", "First");
        await CommitAsync(host, "a.txt", "two\n", "Second");

        await host.ResultAsync("create_branch", new { workdir, name = "feature/x" });
        Assert.Contains("* feature/x", await host.ResultAsync("branches", new { workdir }), StringComparison.Ordinal);
        await host.ResultAsync("create_branch", new { workdir, name = "old", from = "HEAD~1" });
        Assert.Equal("one\n", host.Read("a.txt"));
        await host.ResultAsync("checkout", new { workdir, @ref = "main" });
        Assert.Equal("two\n", host.Read("a.txt"));
        await host.ResultAsync("checkout", new { workdir, @ref = "-" });
        Assert.Equal("one\n", host.Read("a.txt"));
        Assert.Equal("", await host.ResultAsync("tags", new { workdir }));
    }

    [Fact]
    public async Task Stash_OfChanges_BringsThemBack()
    {
        await using var host = await StartAsync();
        var workdir = host.Data;
        await CommitAsync(host, "a.txt", "one\n", "First");
        host.Write("a.txt", "two\n");

        await host.ResultAsync("stash", new { workdir, message = "several words" });
        Assert.Equal("one\n", host.Read("a.txt"));
        Assert.Equal("stash@{0}: On main: several words", await host.ResultAsync("stash_list", new { workdir }));
        await host.ResultAsync("stash_pop", new { workdir });
        Assert.Equal("two\n", host.Read("a.txt"));

        Assert.Equal("ok", await host.ResultAsync("restore", new { workdir, path = "a.txt" }));
        Assert.Equal("one\n", host.Read("a.txt"));
    }

    [Fact]
    public async Task Methods_ThatGitRefuses_AnswerATextThatSaysSo()
    {
        await using var host = await StartAsync();
        await CommitAsync(host, "a.txt", "one\n", "First");
        (string Method, string Parameter, string Value, string Expected)[] cases =
        [
            ("checkout", "ref", "nowhere", "ERROR: git ended with exit code "),
            ("checkout", "ref", "--orphan=x", "ERROR: ref must not begin with a hyphen: --orphan=x"),
            ("show", "ref", "--output=/x", "ERROR: ref must not begin with a hyphen: --output=/x"),
            ("create_branch", "name", "-D", "ERROR: name must not begin with a hyphen: -D"),
            ("diff_stat", "from", "--no-index", "ERROR: from must not begin with a hyphen: --no-index"),
            ("diff_stat", "to", "--no-index", "ERROR: to must not begin with a hyphen: --no-index"),
            ("add", "paths", "nowhere", "ERROR: git ended with exit code "),
            ("restore", "path", "nowhere", "ERROR: git ended with exit code "),
            ("commit", "message", "nothing is staged", "ERROR: git ended with exit code 1\nOn branch main\nnothing to commit"),
        ];

        foreach (var (method, parameter, value, expected) in cases)
        {
            var answer = await host.ResultAsync(method, new Dictionary<string, object?> { ["workdir"] = host.Data, [parameter] = value });
            Assert.StartsWith(expected, answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Status_WhereTheManifestDoesNotReach_IsDenied()
    {
        await using var host = await StartAsync();

        Assert.Contains("permission denied", await host.ErrorAsync("status", new { workdir = "/etc" }), StringComparison.Ordinal);
    }

    private static async Task<SampleHost> StartAsync()
    {
        Programs.Need("git", "git");
        var host = await SampleHost.StartAsync("git", CommittedManifest.Of("git"));
        Assert.StartsWith("Initialized empty Git repository", await host.ResultAsync("init", new { workdir = host.Data }), StringComparison.Ordinal);
        return host;
    }

    private static async Task CommitAsync(SampleHost host, string file, string text, string message)
    {
        host.Write(file, text);
        var workdir = host.Data;
        await host.ResultAsync("add", new { workdir, paths = "-A" });
        Assert.StartsWith("[main ", await host.ResultAsync("commit", new { workdir, message }), StringComparison.Ordinal);
    }
}
