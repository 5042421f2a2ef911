namespace Luminarys.Architecture.Tests.Rules;

/// <summary>What one project may reference.</summary>
/// <param name="Projects">Projects below <c>src</c>.</param>
/// <param name="Packages">Packages beyond the abstractions of options, dependency injection and logging.</param>
/// <param name="UsesAspNetCore">Whether it may use the ASP.NET Core shared framework.</param>
/// <param name="UsesAbstractions">Whether it may use the abstractions of options, dependency injection and logging.</param>
internal sealed record ProjectPermit(string[] Projects, string[] Packages, bool UsesAspNetCore = false, bool UsesAbstractions = true)
{
    private static readonly string[] s_abstractions =
    [
        "Microsoft.Extensions.DependencyInjection.Abstractions",
        "Microsoft.Extensions.Logging.Abstractions",
        "Microsoft.Extensions.Options",
    ];

    private static readonly string[] s_messagePack = ["MessagePack", "Microsoft.NET.StringTools"];

    /// <summary>The table of the architecture. A project that is not here may not exist; a row needs a reason in docs/decisions.</summary>
    public static IReadOnlyDictionary<string, ProjectPermit> Table { get; } = new Dictionary<string, ProjectPermit>(StringComparer.Ordinal)
    {
        ["Luminarys.Core"] = new([], [], UsesAbstractions: false),
        ["Luminarys.Cluster"] = new(["Luminarys.Core"], s_messagePack),
        ["Luminarys.Transport.Nats"] = new(["Luminarys.Core"], ["NATS.Net"]),
        ["Luminarys.Transport.Tcp"] = new(["Luminarys.Core"], []),
        ["Luminarys.Runtime.Wasm"] = new(["Luminarys.Core", "Luminarys.Skills"], ["Wasmtime", .. s_messagePack]),
        ["Luminarys.Skills"] = new(["Luminarys.Core"], s_messagePack, UsesAbstractions: false),
        ["Luminarys.Lmsk"] = new(["Luminarys.Hosting", "Luminarys.Manifests", "Luminarys.Skills"], ["System.CommandLine"], UsesAspNetCore: true),
        ["Luminarys.Files"] = new(["Luminarys.Core"], []),
        ["Luminarys.Storage.Sqlite"] = new(["Luminarys.Core"], ["Microsoft.Data.Sqlite"]),
        ["Luminarys.Manifests"] = new(["Luminarys.Core"], ["YamlDotNet"]),
        ["Luminarys.Mcp"] = new(["Luminarys.Core"], ["ModelContextProtocol.AspNetCore", "Microsoft.IdentityModel.JsonWebTokens", .. s_messagePack], UsesAspNetCore: true),
        ["Luminarys.Hosting"] = new(
            ["Luminarys.Core", "Luminarys.Cluster", "Luminarys.Transport.Nats", "Luminarys.Transport.Tcp", "Luminarys.Runtime.Wasm", "Luminarys.Manifests", "Luminarys.Mcp",
                "Luminarys.Files", "Luminarys.Storage.Sqlite"],
            ["Microsoft.Extensions.Hosting.Abstractions"],
            UsesAspNetCore: true),
        ["Luminarys.Testing"] = new(["Luminarys.Core", "Luminarys.Cluster", "Luminarys.Hosting"], [], UsesAspNetCore: true),
        ["Luminarys.Cli"] = new(["Luminarys.Hosting", "Luminarys.Manifests", "Luminarys.Skills"], ["System.CommandLine"], UsesAspNetCore: true),
    };

    /// <summary>Whether a package is permitted.</summary>
    public bool AllowsPackage(string package) => Packages.Contains(package) || (UsesAbstractions && s_abstractions.Contains(package));
}
