using Luminarys.Invocations;
using Luminarys.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Luminarys.Mcp;

public sealed class McpEdgeOptionsTests
{
    [Fact]
    public async Task Options_ByDefault_AreValid()
    {
        await using var application = Build(_ => { });

        Assert.Equal(TimeSpan.FromMinutes(15), application.Services.GetRequiredService<IOptions<McpEdgeOptions>>().Value.InvokeTimeout);
    }

    [Fact]
    public async Task Start_BadOptions_ListsEveryProblem()
    {
        await using var application = Build(options =>
        {
            options.InvokeTimeout = TimeSpan.FromMilliseconds(999);
            options.Tokens = ["good", " "];
            options.ServerName = "";
        });

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => application.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal(3, error.Failures.Count());
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3600, true)]
    [InlineData(3601, false)]
    [InlineData(0, false)]
    public async Task InvokeTimeout_OutsideItsBounds_IsRefused(int seconds, bool isValid)
    {
        await using var application = Build(options => options.InvokeTimeout = TimeSpan.FromSeconds(seconds));
        var options = application.Services.GetRequiredService<IOptions<McpEdgeOptions>>();

        var error = Record.Exception(() => options.Value);

        Assert.Equal(isValid, error is null);
    }

    private static WebApplication Build(Action<McpEdgeOptions> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Host.UseDefaultServiceProvider(provider => provider.ValidateOnBuild = provider.ValidateScopes = true);
        builder.Services.AddSingleton<SkillRegistry>();
        builder.Services.AddSingleton<IInvoker, FakeInvoker>();
        builder.Services.AddLuminarysMcp(configure);
        return builder.Build();
    }
}
