using Luminarys.Cluster;
using Luminarys.Hosting;
using Luminarys.Manifests;
using Luminarys.Mcp;
using Luminarys.Ports;
using Luminarys.Registry;
using Luminarys.Skills;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Luminarys.Samples;

/// <summary>
/// A real host with one sample skill in a folder of its own: WASM runtime, files, and the MCP edge on a free loopback port, which calls go
/// through as a client's do. The folder goes with it.
/// </summary>
internal sealed class SampleHost : IAsyncDisposable
{
    private const string SkillName = "sample";
    private readonly WebApplication _application;
    private readonly McpClient _client;
    private readonly string _folder;
    private readonly RecordedLog _log;

    private SampleHost(WebApplication application, McpClient client, string folder, RecordedLog log)
    {
        _application = application;
        _client = client;
        _folder = folder;
        _log = log;
    }

    /// <summary>An empty directory for the skill, not granted by itself. Its path has no link in it.</summary>
    public string Data => Path.Combine(_folder, "data");

    /// <summary>The skill as it was deployed.</summary>
    public Skill Skill => _application.Services.GetRequiredService<SkillRegistry>().Current.Find(new(SkillName))!.Skill;

    /// <summary>The host's log.</summary>
    public IReadOnlyCollection<(LogLevel Level, string Text)> Log => _log.Lines;

    /// <summary>Starts a host with a manifest for the sample.</summary>
    /// <param name="sample">Name of the sample.</param>
    /// <param name="grants">What the manifest says beside <c>id</c> and <c>path</c>, in YAML; gets the path of <see cref="Data"/>.</param>
    /// <param name="configure">Sets what differs from a node on its own.</param>
    public static async Task<SampleHost> StartAsync(string sample, Func<string, string>? grants = null, Action<MasterOptions>? configure = null)
    {
        var folder = Directory.CreateTempSubdirectory("lm-sample-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        var manifest = Path.Combine(folder, "manifest.yaml");
        var text = $"""
            id: {SkillName}
            path: {await new Sample(sample).PlacePackageAsync(folder)}
            {grants?.Invoke(Path.Combine(folder, "data")) ?? "permissions: {}"}
            """;
        await File.WriteAllTextAsync(manifest, text, TestContext.Current.CancellationToken);

        await SampleSigner.WriteTrustAsync(Path.Combine(folder, "trust"));
        var log = new RecordedLog();
        var application = Build(folder, manifest, log, configure);
        await application.StartAsync(TestContext.Current.CancellationToken);
        if (application.Services.GetRequiredService<SkillRegistry>().Current.Find(new(SkillName)) is null)
        {
            await application.DisposeAsync();
            Directory.Delete(folder, recursive: true);
            throw new InvalidOperationException(
                $"The host did not load '{sample}'.\n{text}\n{string.Join('\n', log.Lines.Where(line => line.Level >= LogLevel.Warning))}");
        }

        var transport = new HttpClientTransport(new() { Endpoint = new Uri(new Uri(application.Urls.Single()), "/mcp") });
        var client = await McpClient.CreateAsync(transport, cancellationToken: TestContext.Current.CancellationToken);
        return new(application, client, folder, log);
    }

    /// <summary>Calls a method as a client does. The arguments are an anonymous object or a dictionary; null gives none.</summary>
    public async Task<Answer> CallAsync(string method, object? arguments = null)
    {
        var named = arguments as IReadOnlyDictionary<string, object?>
            ?? arguments?.GetType().GetProperties().ToDictionary(property => property.Name, property => property.GetValue(arguments));
        var result = await _client.CallToolAsync($"{SkillName}__{method}", named, cancellationToken: TestContext.Current.CancellationToken);
        return new(result.IsError ?? false, string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text)));
    }

    /// <summary>Calls a method that must succeed, and answers its text.</summary>
    public async Task<string> ResultAsync(string method, object? arguments = null)
    {
        var answer = await CallAsync(method, arguments);
        Assert.False(answer.IsError, $"{method}: {answer.Text}");
        return answer.Text;
    }

    /// <summary>Calls a method that must fail, and answers the text of the error.</summary>
    public async Task<string> ErrorAsync(string method, object? arguments = null)
    {
        var answer = await CallAsync(method, arguments);
        Assert.True(answer.IsError, $"{method} did not fail: {answer.Text}");
        return answer.Text;
    }

    /// <summary>Calls a method that must fail with an error that has the text in it.</summary>
    public async Task FailsAsync(string expected, string method, object? arguments = null) =>
        Assert.Contains(expected, await ErrorAsync(method, arguments), StringComparison.Ordinal);

    /// <summary>Absolute path in the data directory.</summary>
    public string PathOf(string relative) => Path.Combine(Data, relative);

    /// <summary>Writes a file of the data directory, with its directories, and answers its path.</summary>
    public string Write(string relative, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        File.WriteAllText(PathOf(relative), text);
        return PathOf(relative);
    }

    /// <summary>Text of a file of the data directory.</summary>
    public string Read(string relative) => File.ReadAllText(PathOf(relative));

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _application.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static WebApplication Build(string folder, string manifest, RecordedLog log, Action<MasterOptions>? configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug).AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services
            .AddLuminarysMaster(options =>
            {
                options.IsStandalone = true;
                options.EpochProbeWait = TimeSpan.FromMilliseconds(1);
                configure?.Invoke(options);
            })
            .UseTrustFolder(Path.Combine(folder, "trust"))
            .UseWasm(options =>
            {
                options.OnlyTrustedPackages = true;
                options.StateDirectory = Path.Combine(folder, "state");
                options.CacheDirectory = Path.Combine(AppContext.BaseDirectory, "compiled");
                options.SkillLog = true;
            });
        var source = new FileManifestSource([manifest], new ManifestReader(folder, new Dictionary<string, string>()));
        builder.Services.Replace(ServiceDescriptor.Singleton<IManifestSource>(source));
        var application = builder.Build();
        application.MapLuminarys();
        return application;
    }
}
