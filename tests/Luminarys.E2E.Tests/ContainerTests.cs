using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace Luminarys.E2E;

/// <summary>What can be checked of the containers without an engine that runs them.</summary>
[Trait("Kind", "Integration")]
public sealed class ContainerTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task PublishContainer_OnAnEmptyBase_HoldsTheHostAndRunsItWithoutRights()
    {
        var program = Path.Combine(Checkout.Root, "src", "Luminarys.Cli", "bin", Checkout.Configuration, "net10.0", "luminarys.dll");
        Assert.SkipUnless(File.Exists(program) || Environment.GetEnvironmentVariable("CI") == "true", "the host is not built: dotnet build Luminarys.sln");
        var archive = Path.Combine(Directory.CreateTempSubdirectory("luminarys-image-").FullName, "luminarys.tar");
        await using var registry = await StubRegistry.StartAsync();
        await using var publish = ChildProcess.Start(
            "dotnet",
            ["publish", "src/Luminarys.Cli", "-c", Checkout.Configuration, "--no-build", "-nologo", "-t:PublishContainer",
                $"-p:ContainerBaseImage={registry.Address}/base:latest", $"-p:ContainerArchiveOutputPath={archive}", "-p:ContainerRuntimeIdentifier=linux-x64"],
            Checkout.Root,
            new Dictionary<string, string?> { ["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = registry.Address });
        var exitCode = await publish.WaitForExitAsync(s_limit);
        Assert.True(exitCode == 0, publish.Output);

        var (configuration, files) = await ReadImageAsync(archive);
        Directory.Delete(Path.GetDirectoryName(archive)!, recursive: true);

        Assert.Equal(["dotnet", "/app/luminarys.dll"], configuration.GetProperty("Entrypoint").EnumerateArray().Select(part => part.GetString()));
        Assert.Equal("app", configuration.GetProperty("User").GetString());
        Assert.True(configuration.GetProperty("ExposedPorts").TryGetProperty("8080/tcp", out _));
        Assert.Contains("app/luminarys.dll", files);
        Assert.Contains("app/runtimes/linux-x64/native/libwasmtime.so", files);
        Assert.DoesNotContain(files, file => Path.GetExtension(file) is ".pem" or ".env" or ".db");
    }

    [Fact]
    public async Task Compose_OfTheClusteringSample_IsValidAndNamesEveryNode()
    {
        var compose = ChildProcess.Find("docker-compose");
        Assert.SkipUnless(
            compose is not null || Environment.GetEnvironmentVariable("CI") == "true", "docker-compose is not installed. On Debian: apt-get install docker-compose");
        await using var config = ChildProcess.Start(
            compose ?? "docker-compose",
            ["-f", "samples/Clustering/compose.yaml", "config"],
            Checkout.Root,
            new Dictionary<string, string?> { ["NATS_TOKEN"] = "bus", ["AUTH_TOKEN"] = "client" });

        Assert.True(await config.WaitForExitAsync(s_limit) == 0, config.Output);

        Assert.All(["  master:", "  nats:", "  relay:", "  slave-1:", "  slave-2:", "NODE_ID: slave-2"], part => Assert.Contains(part, config.Output, StringComparison.Ordinal));
    }

    private static async Task<(JsonElement Configuration, List<string> Files)> ReadImageAsync(string archive)
    {
        JsonElement configuration = default;
        var files = new List<string>();
        await using var image = new TarReader(File.OpenRead(archive));
        while (await image.GetNextEntryAsync() is { } entry)
        {
            if (entry.Name.EndsWith("layer.tar", StringComparison.Ordinal))
            {
                await using var layer = new TarReader(new GZipStream(entry.DataStream!, CompressionMode.Decompress));
                while (await layer.GetNextEntryAsync() is { } file)
                {
                    files.Add(file.Name.TrimStart('.', '/'));
                }
            }
            else if (entry.Name.EndsWith(".json", StringComparison.Ordinal) && entry.Name != "manifest.json")
            {
                using var document = await JsonDocument.ParseAsync(entry.DataStream!);
                configuration = document.RootElement.GetProperty("config").Clone();
            }
        }

        return (configuration, files);
    }
}
