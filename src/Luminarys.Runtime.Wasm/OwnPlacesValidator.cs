using Luminarys.Permissions.Network;
using Microsoft.Extensions.Options;

namespace Luminarys.Runtime.Wasm;

/// <summary>Refuses what could not be guarded: an endpoint or a path of the host that nobody can read.</summary>
internal sealed class OwnPlacesValidator : IValidateOptions<WasmRuntimeOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, WasmRuntimeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = options.OwnEndpoints
            .Select(text => NetworkEndpoint.TryParse(text, out _, out var fault) ? null : $"OwnEndpoints: '{text}' is not host:port: {fault}")
            .Concat(options.OwnPaths.Select(path => Path.IsPathFullyQualified(path) ? null : $"OwnPaths: '{path}' is not an absolute path"))
            .OfType<string>()
            .ToArray();
        return problems.Length > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
