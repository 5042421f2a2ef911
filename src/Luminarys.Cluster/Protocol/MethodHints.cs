using System.Collections.Immutable;
using Luminarys.Manifests;
using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>What a manifest says about single methods, to bytes and back. Sorted by name, so that equal settings give equal digests.</summary>
internal static class MethodHints
{
    public static void Write(ref MessagePackWriter writer, ImmutableDictionary<string, MethodSettings> methods)
    {
        writer.WriteArrayHeader(methods.Count);
        foreach (var (name, settings) in methods.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            writer.WriteMapHeader(
                1 + Count(settings.Idempotent) + Count(settings.ReadOnly) + Count(settings.Destructive) + Count(settings.OpenWorld) + (settings.Title is null ? 0 : 1));
            writer.Write("name");
            writer.Write(name);
            Write(ref writer, "idem", settings.Idempotent);
            Write(ref writer, "ro", settings.ReadOnly);
            Write(ref writer, "destr", settings.Destructive);
            Write(ref writer, "open", settings.OpenWorld);
            if (settings.Title is not null)
            {
                writer.Write("title");
                writer.Write(settings.Title);
            }
        }
    }

    public static ImmutableDictionary<string, MethodSettings> Read(ref MessagePackReader reader)
    {
        var methods = ImmutableDictionary.CreateBuilder<string, MethodSettings>(StringComparer.Ordinal);
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            var (name, settings) = ReadSettings(ref reader);
            methods[name] = settings;
        }

        return methods.ToImmutable();
    }

    private static (string Name, MethodSettings Settings) ReadSettings(ref MessagePackReader reader)
    {
        var (name, settings) = ("", new MethodSettings());
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "name": name = Wire.Text(ref reader); break;
                case "idem": settings = settings with { Idempotent = reader.ReadBoolean() }; break;
                case "ro": settings = settings with { ReadOnly = reader.ReadBoolean() }; break;
                case "destr": settings = settings with { Destructive = reader.ReadBoolean() }; break;
                case "open": settings = settings with { OpenWorld = reader.ReadBoolean() }; break;
                case "title": settings = settings with { Title = Wire.Text(ref reader) }; break;
                default: reader.Skip(); break;
            }
        }

        return (name, settings);
    }

    private static int Count(bool? value) => value is null ? 0 : 1;

    private static void Write(ref MessagePackWriter writer, string key, bool? value)
    {
        if (value is { } known)
        {
            writer.Write(key);
            writer.Write(known);
        }
    }
}
