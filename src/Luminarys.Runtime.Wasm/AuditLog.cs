using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Ports;
using Luminarys.Skills;
using Microsoft.Extensions.Logging;

namespace Luminarys.Runtime.Wasm;

/// <summary>
/// What an auditor must find, as one line of JSON each, in a log category of its own: loads and denials, and with the level Debug the start and the end
/// of every call. Arguments are never part of it; their size and digest are. Thread-safe.
/// </summary>
internal sealed class AuditLog(ILogger logger, TimeProvider time)
{
    /// <summary>The category, for those who send it to a file.</summary>
    public const string Category = "Luminarys.Audit";

    /// <summary>Whether calls are recorded.</summary>
    public bool TakesCalls => logger.IsEnabled(LogLevel.Debug);

    /// <summary>The audit log of an application; null without logging.</summary>
    public static AuditLog? Create(ILoggerFactory? loggers, TimeProvider time) => loggers is null ? null : new(loggers.CreateLogger(Category), time);

    /// <summary>Records a load that succeeded or failed.</summary>
    public void Loaded(Manifest manifest, SkillLoadResult result)
    {
        ReadOnlySpan<(string, string)> fields = result.Skill is { } skill
            ? [("package", skill.Descriptor.Package.Value), ("version", skill.Descriptor.Version), ("digest", skill.Digest.Hex), ("key", skill.Signer?.Hex ?? ""), ("trusted", skill.IsTrusted ? "yes" : "no"), ("manifest", manifest.Source)]
            : [("error", result.Error ?? ""), ("manifest", manifest.Source)];
        Write(result.Skill is null ? "load_failed" : "load", manifest.Id, fields);
    }

    /// <summary>Records a denial. The texts are free of secrets.</summary>
    public void Denied(SkillId skill, CallId call, string function, string resource, string rule) =>
        Write("denial", skill, [("call", call.ToString()), ("function", function), ("resource", resource), ("rule", rule)]);

    /// <summary>Runs a call and records its start and its end.</summary>
    public async ValueTask<InvocationResult> FollowAsync(Invocation invocation, Func<ValueTask<InvocationResult>> run)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(invocation.Payload.Span));
        var size = invocation.Payload.Length.ToString(CultureInfo.InvariantCulture);
        var (call, method) = (("call", invocation.Id.ToString()), ("method", invocation.Method));
        WriteCall("call_start", invocation.Skill, [call, method, ("argument_bytes", size), ("argument_sha256", digest)]);
        var result = await run().ConfigureAwait(false);
        WriteCall("call_end", invocation.Skill, [call, method, ("outcome", result.IsSuccess ? "OK" : result.Error.ToCode())]);
        return result;
    }

    private void Write(string name, SkillId skill, ReadOnlySpan<(string Key, string Value)> fields)
    {
        if (logger.IsEnabled(LogLevel.Information))
        {
            var record = ToJson(name, skill, fields);
            Log.Audited(logger, record);
        }
    }

    private void WriteCall(string name, SkillId skill, ReadOnlySpan<(string Key, string Value)> fields)
    {
        var record = ToJson(name, skill, fields);
        Log.CallAudited(logger, record);
    }

    private string ToJson(string name, SkillId skill, ReadOnlySpan<(string Key, string Value)> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("time", time.GetUtcNow());
        json.WriteString("event", name);
        json.WriteString("skill", skill.Value);
        foreach (var (key, value) in fields)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
