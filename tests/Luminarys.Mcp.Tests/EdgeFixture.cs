using Luminarys.Invocations;
using Luminarys.Registry;
using Luminarys.Skills;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol.Client;

namespace Luminarys.Mcp;

/// <summary>The edge in a real web server on a free loopback port, in front of a fake invoker.</summary>
internal sealed class EdgeFixture : IAsyncDisposable
{
    private readonly WebApplication _application;

    private EdgeFixture(WebApplication application, SkillRegistry registry, FakeInvoker invoker, FakeTimeProvider time)
    {
        _application = application;
        Registry = registry;
        Invoker = invoker;
        Time = time;
        Http = new HttpClient { BaseAddress = new Uri(application.Urls.Single()) };
    }

    public SkillRegistry Registry { get; }

    public FakeInvoker Invoker { get; }

    public FakeTimeProvider Time { get; }

    public HttpClient Http { get; }

    public static async Task<EdgeFixture> StartAsync(
        Skill[] skills,
        Action<McpEdgeOptions>? configure = null,
        Action<WebApplication>? map = null,
        Action<IServiceCollection>? addServices = null,
        Action<IEndpointConventionBuilder>? convene = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        addServices?.Invoke(builder.Services);
        var registry = TestSkills.Registry(skills);
        var invoker = new FakeInvoker();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero));
        builder.Services.AddSingleton(registry);
        builder.Services.AddSingleton<IInvoker>(invoker);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddLuminarysMcp(configure ?? (_ => { }));
        var application = builder.Build();
        var endpoints = application.MapLuminarys();
        convene?.Invoke(endpoints);
        map?.Invoke(application);
        await application.StartAsync(TestContext.Current.CancellationToken);
        return new(application, registry, invoker, time);
    }

    public Task<McpClient> ConnectAsync(string? protocolVersion = null, string? token = null, McpClientHandlers? handlers = null)
    {
        var transport = new HttpClientTransport(new()
        {
            Endpoint = new Uri(Http.BaseAddress!, "/mcp"),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = token is null ? null : new Dictionary<string, string> { ["Authorization"] = "Bearer " + token },
        });
        var options = new McpClientOptions { ProtocolVersion = protocolVersion };
        if (handlers is not null)
        {
            options.Handlers = handlers;
        }

        return McpClient.CreateAsync(transport, options, cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Stops the server as a host does, with its requests at work.</summary>
    public Task StopAsync() => _application.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _application.DisposeAsync();
    }
}
