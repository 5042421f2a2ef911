using Luminarys.Contracts;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Skills;
using Luminarys.Testing;

namespace Luminarys.Hosting.Tests;

public sealed class ScriptedRuntimeContractTests : RuntimeContract
{
    private const int QueueLength = 8;

    protected override async ValueTask<RuntimeSubject> CreateAsync()
    {
        var runtime = new ScriptedRuntime().AddSkill("echo", skill => skill
            .WithInstances(1, QueueLength)
            .WithMethod("echo", (call, _) => new(InvocationResult.Success(call.Payload.ToArray())))
            .WithMethod("fail", (_, _) => new(InvocationResult.Failure(InvocationError.SkillError, "it failed")))
            .WithMethod("trap", (_, _) => throw new InvalidOperationException("unreachable"))
            .WithMethod("spin", async (_, end) =>
            {
                await Task.Delay(Timeout.Infinite, end);
                return default;
            }));
        var manifest = new Manifest(new SkillId("echo"), "echo.yaml", "/nowhere/echo.wasm");
        Assert.Null((await runtime.LoadAsync(manifest, new LonelyHost(), TestContext.Current.CancellationToken)).Error);
        return new RuntimeSubject(runtime, manifest, QueueLength);
    }
}
