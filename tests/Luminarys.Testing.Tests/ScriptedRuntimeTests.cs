using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Luminarys.Testing.Tests;

public sealed class ScriptedRuntimeTests
{
    [Fact]
    public void Runtime_InAnApplication_IsTheOneThatIsTaken()
    {
        var services = new ServiceCollection();

        var runtime = new ScriptedRuntime().AddSkill("weather", skill => skill
            .WithMethod("today", (call, cancellationToken) => new(InvocationResult.Success(new byte[] { 0xa5, (byte)'s', (byte)'u', (byte)'n', (byte)'n', (byte)'y' }))));
        services.AddSingleton<ISkillRuntime>(runtime);

        using var provider = services.BuildServiceProvider();
        Assert.Same(runtime, provider.GetRequiredService<ISkillRuntime>());
    }
}
