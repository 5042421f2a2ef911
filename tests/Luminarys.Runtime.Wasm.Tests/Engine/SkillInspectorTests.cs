using Luminarys.Files;
using Luminarys.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Luminarys.Runtime.Wasm.Tests.Engine;

public sealed class SkillInspectorTests
{
    [Theory]
    [InlineData("guests/conformance-as")]
    [InlineData("guests/conformance-go")]
    [InlineData("guests/conformance-rust")]
    public async Task InspectAsync_SoundModule_GivesItsDescriptor(string asset)
    {
        var inspection = await InspectAsync(asset);

        Assert.Null(inspection.Error);
        Assert.NotEmpty(inspection.Descriptor!.Methods);
        Assert.NotEmpty(inspection.Descriptor.Package.Value);
        Assert.Matches("^[0-9]+[.][0-9]+[.][0-9]+$", inspection.Descriptor.Version);
    }

    [Theory]
    [InlineData("missing-exports", "'skill_handle', 'skill_describe'")]
    [InlineData("go-program", "-buildmode=c-shared")]
    [InlineData("start-traps", "did not start: the skill trapped: unreachable")]
    [InlineData("describe-traps", "skill_describe failed: the skill trapped: unreachable")]
    [InlineData("describe-empty", "skill_describe answered nothing")]
    [InlineData("describe-malformed", "descriptor is malformed (a length exceeds the message)")]
    [InlineData("describe-large", "the skill's descriptor has 1048577 bytes; 1048576 are allowed")]
    [InlineData("unknown-import", "imports env.launch_rockets, wasi_snapshot_preview1.sock_teleport")]
    [InlineData("reference-anyref", "not a valid module")]
    [InlineData("wrong-import", "incompatible import type for `env::time_now`")]
    public async Task InspectAsync_BrokenModule_SaysWhatInOneLine(string asset, string what)
    {
        var inspection = await InspectAsync(asset);

        Assert.Null(inspection.Descriptor);
        Assert.Contains(what, inspection.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', inspection.Error!);
    }

    [Theory]
    [InlineData("start-endless")]
    [InlineData("initialize-endless")]
    public async Task InspectAsync_EndlessStart_EndsAtTheLimit(string asset)
    {
        var inspection = await InspectAsync(asset, options => options.CompileTimeout = TimeSpan.FromSeconds(1));

        Assert.Contains("did not start: the call did not end in time", inspection.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InspectAsync_ModuleThatNeedsMoreMemoryThanItMayHave_SaysSo()
    {
        var inspection = await InspectAsync("needs-memory", options => options.MemoryLimitMegabytes = 1);

        Assert.Contains("memory", inspection.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InspectAsync_NoModule_SaysSo()
    {
        await using var provider = Build(_ => { });

        var inspection = await provider.GetRequiredService<ISkillInspector>().InspectAsync("LMSKILL\0and more"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Contains("it is not a WebAssembly module", inspection.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InspectAsync_CancelledWhileItStarts_Throws()
    {
        await using var provider = Build(_ => { });
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        var module = await File.ReadAllBytesAsync(WasmAssets.PathOf("start-endless"), TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await provider.GetRequiredService<ISkillInspector>().InspectAsync(module, cancellation.Token));
    }

    private static async Task<SkillInspection> InspectAsync(string asset, Action<WasmRuntimeOptions>? configure = null)
    {
        await using var provider = Build(configure ?? (_ => { }));
        var module = await File.ReadAllBytesAsync(WasmAssets.PathOf(asset), TestContext.Current.CancellationToken);
        return await provider.GetRequiredService<ISkillInspector>().InspectAsync(module, TestContext.Current.CancellationToken);
    }

    private static ServiceProvider Build(Action<WasmRuntimeOptions> configure) => new ServiceCollection()
        .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
        .AddFileAccess(_ => { })
        .AddWasmRuntime(configure)
        .BuildServiceProvider();
}
