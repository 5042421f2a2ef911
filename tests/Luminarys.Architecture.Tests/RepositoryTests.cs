using Luminarys.Architecture.Tests.Rules;

namespace Luminarys.Architecture.Tests;

public sealed class RepositoryTests
{
    private const string NoCheckout = "Needs a git checkout: the rule is about the files under version control.";

    [Fact]
    public async Task Tree_TrackedText_StandsOnItsOwn()
    {
        var texts = await TrackedTextsAsync();
        Verdict.Holds(texts.SelectMany(file => RepositoryRules.MachineMentions(file.Path, file.Text)));
        Verdict.Holds(texts.SelectMany(file => RepositoryRules.ForeignRegistries(file.Path, file.Text)));
    }

    [Theory]
    [InlineData("read /" + "work/notes.md")]
    [InlineData("\"/" + "work/x\"")]
    [InlineData("file:///" + "work/x")]
    [InlineData("see ../" + "shared/notes.md")]
    [InlineData("see ../../" + "shared")]
    public void MachineMentions_Example_IsCaught(string line) =>
        Verdict.Catches(RepositoryRules.MachineMentions("docs/a.md", "first\n" + line), "docs/a.md:2:");

    [Theory]
    [InlineData("bin/" + "work/out")]
    [InlineData("./" + "work/out")]
    [InlineData("$HOME/" + "work/out")]
    [InlineData("/workspace/")]
    [InlineData("shared/notes.md")]
    public void MachineMentions_InnocentLine_IsNotCaught(string line) => Verdict.Holds(RepositoryRules.MachineMentions("docs/a.md", line));

    [Theory]
    [InlineData("https:" + "//registry.corp.internal/npm/left-pad/-/left-pad-1.0.0.tgz", "registry.corp.internal")]
    [InlineData("http:" + "//10.0.0.7:8081/repository/nuget/v3/index.json", "10.0.0.7")]
    [InlineData("\"resolved\": \"https:" + "//npm.mirror.dev/a.tgz\"", "npm.mirror.dev")]
    [InlineData("https:" + "//user:secret@nexus.corp.dev/x", "nexus.corp.dev")]
    [InlineData("https:" + "//registry.npmjs.org.evil.dev/a", "registry.npmjs.org.evil.dev")]
    public void ForeignRegistries_Example_IsCaught(string line, string host) =>
        Verdict.Catches(RepositoryRules.ForeignRegistries("a.json", line), $"names the package registry {host}.");

    [Theory]
    [InlineData("https://api.nuget.org/v3/index.json")]
    [InlineData("https://registry.npmjs.org/assemblyscript/-/assemblyscript-0.27.37.tgz")]
    [InlineData("https://www.nuget.org/packages/NATS.Net")]
    [InlineData("http://127.0.0.1:5000/v3/index.json")]
    [InlineData("https://registry.example.com/image")]
    [InlineData("https://modelcontextprotocol.io/specification")]
    [InlineData("https://github.com/nats-io/nats.net")]
    public void ForeignRegistries_InnocentLine_IsNotCaught(string line) => Verdict.Holds(RepositoryRules.ForeignRegistries("a.json", line));

    [Fact]
    public async Task Tree_Root_HasOnlyWhatBelongsThere() => Verdict.Holds(RepositoryRules.UnexpectedRootEntries(await TrackedPathsAsync()));

    [Fact]
    public void UnexpectedRootEntries_PlanDocument_IsCaught() => Verdict.Catches(
        RepositoryRules.UnexpectedRootEntries(["README.md", "PLAN.md", "docs/PLAN.md", "notes/one.md", "notes/two.md"]),
        "PLAN.md",
        "notes");

    private static async Task<IReadOnlyList<string>> TrackedPathsAsync()
    {
        var paths = await Repository.TrackedFilesAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(paths is null, NoCheckout);
        Assert.Contains("nuget.config", paths);
        return paths;
    }

    private static async Task<IReadOnlyList<(string Path, string Text)>> TrackedTextsAsync()
    {
        var texts = new List<(string, string)>();
        foreach (var path in await TrackedPathsAsync())
        {
            var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, path), TestContext.Current.CancellationToken);
            if (!text.AsSpan(0, Math.Min(text.Length, 8000)).Contains('\0'))
            {
                texts.Add((path, text));
            }
        }

        return texts;
    }
}
