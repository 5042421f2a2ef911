using Luminarys.Invocations;
using Luminarys.Mcp.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Luminarys.Mcp;

/// <summary>The gates of an edge without a server.</summary>
internal static class TestGates
{
    public static ServiceProvider Build(Action<McpEdgeOptions> configure, Action<IServiceCollection>? add = null)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(TestSkills.Registry()).AddSingleton<IInvoker>(new FakeInvoker());
        add?.Invoke(services);
        return services.AddLuminarysMcp(configure).BuildServiceProvider();
    }
}
