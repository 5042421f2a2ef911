using Luminarys.Files;
using Luminarys.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Luminarys.Runtime.Wasm.Tests;

public sealed class WasmRuntimeServiceCollectionExtensionsTests
{
    [Fact]
    public async Task AddWasmRuntime_Defaults_GiveOneRuntime()
    {
        await using var provider = Build(_ => { });

        Assert.Same(provider.GetRequiredService<ISkillRuntime>(), provider.GetRequiredService<ISkillRuntime>());
    }

    [Fact]
    public void AddWasmRuntime_BadOptions_NameEachOne()
    {
        using var provider = Build(options =>
        {
            options.MemoryLimitMegabytes = 0;
            options.MaxInstances = 65;
            options.InvokeTimeout = TimeSpan.FromHours(2);
            options.QueueLength = 0;
            options.MaxModuleMegabytes = 0;
            options.CompileTimeout = TimeSpan.Zero;
        });

        var exception = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IStartupValidator>().Validate);

        Assert.Equal(6, exception.Failures.Count());
    }

    private static ServiceProvider Build(Action<WasmRuntimeOptions> configure) => new ServiceCollection()
        .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
        .AddFileAccess(_ => { })
        .AddWasmRuntime(configure)
        .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
}
