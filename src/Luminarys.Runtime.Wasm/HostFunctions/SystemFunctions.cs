using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Skills.Messages;
using MessagePack;
using Microsoft.Extensions.Logging;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>Log, clock, host and configured environment: what every skill may use.</summary>
internal sealed class SystemFunctions(SkillServices services) : IHostFunctions
{
    /// <summary>The function of that name; null when it belongs to another family.</summary>
    public HostFunction? Find(string name) => name switch
    {
        "log_write" => LogWrite,
        "time_now" => TimeNow,
        "sys_info" => SysInfo,
        "env_get" => EnvGet,
        _ => null,
    };

    private string? LogWrite(HostCall call, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer)
    {
        var level = LogLevel.Information;
        var message = "";
        var fields = "";
        var reader = new MessagePackReader(request);
        for (var left = EntriesOf(ref reader); left > 0; left--)
        {
            var key = GuestValue.ReadKey(ref reader);
            if (key.SequenceEqual("level"u8))
            {
                level = LevelOf(GuestValue.ReadText(ref reader));
            }
            else if (key.SequenceEqual("message"u8))
            {
                message = GuestValue.ReadText(ref reader);
            }
            else if (key.SequenceEqual("fields"u8) && reader.NextMessagePackType == MessagePackType.Map)
            {
                fields = LogFields.Read(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        services.Log.Write(level, call.Id.ToString(), fields.Length > 0 ? $"{message} {fields}" : message);
        WriteEmpty(answer);
        return null;
    }

    private string? TimeNow(HostCall call, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer)
    {
        var now = services.Time.GetLocalNow();
        var sinceEpoch = now - DateTimeOffset.UnixEpoch;
        var writer = new MessagePackWriter(answer);
        writer.WriteMapHeader(5);
        writer.WriteString("unix"u8);
        writer.Write(now.ToUnixTimeSeconds());
        writer.WriteString("unix_nano"u8);
        writer.Write(sinceEpoch.Ticks * TimeSpan.NanosecondsPerTick);
        writer.WriteString("rfc3339"u8);
        writer.Write(now.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture));
        writer.WriteString("timezone"u8);
        writer.Write(ZoneName(services.Time.LocalTimeZone));
        writer.WriteString("utc_offset"u8);
        writer.Write((int)now.Offset.TotalSeconds);
        writer.Flush();
        return null;
    }

    private static string? SysInfo(HostCall call, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer)
    {
        var writer = new MessagePackWriter(answer);
        writer.WriteMapHeader(4);
        writer.WriteString("os"u8);
        writer.Write(OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux");
        writer.WriteString("arch"u8);
        writer.Write(GoName(RuntimeInformation.OSArchitecture));
        writer.WriteString("hostname"u8);
        writer.Write(Environment.MachineName);
        writer.WriteString("num_cpu"u8);
        writer.Write(Environment.ProcessorCount);
        writer.Flush();
        return null;
    }

    private string? EnvGet(HostCall call, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer)
    {
        var name = "";
        var reader = new MessagePackReader(request);
        for (var left = EntriesOf(ref reader); left > 0; left--)
        {
            if (GuestValue.ReadKey(ref reader).SequenceEqual("key"u8))
            {
                name = GuestValue.ReadText(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        // The manifest's environment only: the host's own is never a fallback.
        var value = services.Manifest.Permissions.Environment.GetValueOrDefault(name, "");
        var writer = new MessagePackWriter(answer);
        writer.WriteMapHeader(1);
        writer.WriteString("value"u8);
        writer.Write(value);
        writer.Flush();
        return null;
    }

    /// <inheritdoc/>
    public void OnInstanceDiscarded()
    {
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // Entries of the request; none for an empty one and for what is not a map.
    private static int EntriesOf(ref MessagePackReader reader) =>
        !reader.End && reader.NextMessagePackType == MessagePackType.Map ? reader.ReadMapHeader() : 0;

    private static void WriteEmpty(IBufferWriter<byte> answer)
    {
        var writer = new MessagePackWriter(answer);
        writer.WriteMapHeader(0);
        writer.Flush();
    }

    private static LogLevel LevelOf(string name) => name switch
    {
        "debug" => LogLevel.Debug,
        "warn" => LogLevel.Warning,
        "error" => LogLevel.Error,
        _ => LogLevel.Information,
    };

    private static string ZoneName(TimeZoneInfo zone) =>
        !zone.HasIanaId && TimeZoneInfo.TryConvertWindowsIdToIanaId(zone.Id, out var iana) ? iana : zone.Id;

    private static string GoName(Architecture architecture) => architecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.X86 => "386",
        Architecture.LoongArch64 => "loong64",
        _ => architecture.ToString().ToLowerInvariant(),
    };
}
