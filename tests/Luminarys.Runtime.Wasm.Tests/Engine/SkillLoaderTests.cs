using System.Collections.Immutable;
using Luminarys.Manifests;
using Luminarys.Skills;

namespace Luminarys.Runtime.Wasm.Tests.Engine;

public sealed class SkillLoaderTests
{
    private static readonly string[] s_unknownMethods = ["mcp.hidden_methods", "mcp.exposed_methods", "methods"];

    [Theory]
    [InlineData("missing-exports", "'skill_handle', 'skill_describe'")]
    [InlineData("missing-memory", "'memory'")]
    [InlineData("wrong-exports", "'skill_handle' must be a function (i32, i32) -> (i64)")]
    [InlineData("go-program", "-buildmode=c-shared")]
    [InlineData("start-traps", "did not start: the skill trapped: unreachable")]
    [InlineData("describe-traps", "skill_describe failed: the skill trapped: unreachable")]
    [InlineData("describe-empty", "skill_describe answered nothing")]
    [InlineData("describe-malformed", "descriptor is malformed (a length exceeds the message)")]
    [InlineData("describe-large", "the skill's descriptor has 1048577 bytes; 1048576 are allowed")]
    [InlineData("unknown-import", "imports env.launch_rockets, wasi_snapshot_preview1.sock_teleport")]
    [InlineData("reference-anyref", "not a valid module")]
    [InlineData("reference-func", "not a valid module")]
    [InlineData("reference-import", "not a valid module")]
    [InlineData("reference-exception", "not a valid module")]
    [InlineData("vector", "does not export 'skill_alloc'")]
    [InlineData("wrong-import", "incompatible import type for `env::time_now`")]
    public async Task LoadAsync_BrokenModule_SaysWhereAndWhat(string asset, string what)
    {
        await using var harness = new RuntimeHarness();

        var result = await harness.LoadAsync(asset);

        Assert.Null(result.Skill);
        Assert.Contains("skill 'guest'", result.Error, StringComparison.Ordinal);
        Assert.Contains(WasmAssets.PathOf(asset), result.Error, StringComparison.Ordinal);
        Assert.Contains(what, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', result.Error!);
    }

    [Theory]
    [InlineData("start-endless")]
    [InlineData("initialize-endless")]
    public async Task LoadAsync_EndlessStart_EndsAtTheLimit(string asset)
    {
        await using var harness = new RuntimeHarness(options => options.CompileTimeout = TimeSpan.FromSeconds(1));

        var result = await harness.LoadAsync(asset);

        Assert.Contains("did not start: the call did not end in time", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadAsync_CancelledWhileItStarts_Throws()
    {
        await using var harness = new RuntimeHarness();
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await harness.Runtime.LoadAsync(RuntimeHarness.ManifestOf("start-endless"), harness.Host, cancellation.Token));
    }

    [Theory]
    [InlineData("command")]
    [InlineData("initialize-once")]
    [InlineData("start-imports")]
    [InlineData("assemblyscript")]
    public async Task LoadAsync_UnusualButSoundModule_Loads(string asset)
    {
        await using var harness = new RuntimeHarness();

        Assert.Null((await harness.LoadAsync(asset)).Error);
    }

    [Fact]
    public async Task LoadAsync_MissingFile_SaysSo()
    {
        await using var harness = new RuntimeHarness();

        var result = await harness.LoadAsync("echo", manifest => manifest with { PackagePath = "/nowhere/at-all.wasm" });

        Assert.Contains("/nowhere/at-all.wasm: no such file", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[0], "not a WebAssembly module")]
    [InlineData(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, "not a WebAssembly module")]
    [InlineData(new byte[] { 0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0 }, "component")]
    [InlineData(new byte[] { 0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0xff, 0xff }, "not a valid module")]
    public async Task LoadAsync_NotAModule_SaysSo(byte[] content, string what)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);
        await using var harness = new RuntimeHarness();

        var result = await harness.LoadAsync("echo", manifest => manifest with { PackagePath = file });

        File.Delete(file);
        Assert.Contains(what, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadAsync_ModuleIsTooLarge_SaysTheLimit()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, new byte[(1 << 20) + 1], TestContext.Current.CancellationToken);
        await using var harness = new RuntimeHarness(options => options.MaxModuleMegabytes = 1);

        var result = await harness.LoadAsync("echo", manifest => manifest with { PackagePath = file });

        File.Delete(file);
        Assert.Contains("1 MiB are allowed", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadAsync_MoreMemoryThanTheLimit_NamesTheKey()
    {
        await using var harness = new RuntimeHarness();

        var result = await harness.LoadAsync("needs-memory", manifest => manifest with { Limits = new SkillLimits(MemoryMegabytes: 4) });

        Assert.Contains("limits.memory_mb", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadAsync_PinnedDigestDiffers_Refuses()
    {
        await using var harness = new RuntimeHarness();

        var result = await harness.LoadAsync("echo", manifest => manifest with { Digest = new PackageDigest(new string('0', 64)) });

        Assert.Contains("the manifest pins 0000", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadAsync_Echo_AnswersWhatItDeclares()
    {
        await using var harness = new RuntimeHarness();
        var module = await File.ReadAllBytesAsync(WasmAssets.PathOf("echo"), TestContext.Current.CancellationToken);

        var result = await harness.LoadAsync("echo", manifest => manifest with { Description = "Says it again." });

        var skill = result.Skill!;
        var echo = skill.Descriptor.FindMethod("echo")!;
        Assert.Equal(PackageDigest.Of(module), skill.Digest);
        Assert.Equal("Says it again.", skill.Description);
        Assert.Equal(new PackageId("test.echo"), skill.Descriptor.Package);
        Assert.Equal(512, skill.Descriptor.SdkVersion);
        Assert.Equal("Returns its input.", echo.Description);
        Assert.Equal(new SkillParameter("message", ParameterType.String, "Text", true, []), Assert.Single(echo.Parameters) with { AllowedValues = [] });
        Assert.False(skill.Descriptor.FindMethod("gone")!.IsVisible);
        Assert.Single(skill.Descriptor.Methods, method => method.Name == "echo");
        Assert.Contains(result.Warnings, warning => warning.Contains("'echo' twice", StringComparison.Ordinal));
        Assert.Contains(result.Warnings, warning => warning.Contains("unverified", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LoadAsync_ManifestNamesUnknownMethods_Warns()
    {
        await using var harness = new RuntimeHarness();

        var result = await harness.LoadAsync("echo", manifest => manifest with
        {
            Mcp = new McpMapping(McpMappingKind.PerMethod, ["one"], ["echo", "two"]),
            Methods = ImmutableDictionary<string, MethodSettings>.Empty.Add("three", new MethodSettings()),
        });

        var warnings = result.Warnings.Where(warning => warning.Contains("has no method", StringComparison.Ordinal)).ToArray();
        Assert.Equal(s_unknownMethods, warnings.Select(warning => warning.Split(": ")[1]));
    }
}
