using System.Globalization;
using System.Text;
using Luminarys.Skills.Keys;
using Luminarys.Trust;

namespace Luminarys.Lmsk;

/// <summary>Writes the files of a trust folder.</summary>
internal static class TrustYaml
{
    private const string Form = "yyyy-MM-ddTHH:mm:ssZ";

    public static string Write(KeyRecord record)
    {
        var text = new StringBuilder();
        Add(text, "name", YamlText.Quote(record.Name));
        Add(text, "public_key", YamlText.Quote(PublicKeyText.Write(record.PublicKey.Span)));
        Add(text, "prefixes", YamlText.List(record.Prefixes));
        Add(text, "valid_from", Time(record.ValidFrom));
        Add(text, "valid_to", Time(record.ValidTo));
        Add(text, "status", record.Status.ToString().ToLowerInvariant());
        Add(text, "delegate", record.IsDelegate ? "true" : "false");
        Add(text, record.Voucher);
        return text.ToString();
    }

    public static string Write(RevocationList list)
    {
        var text = new StringBuilder();
        Add(text, "number", list.Number.ToString(CultureInfo.InvariantCulture));
        Add(text, "expires", Time(list.ExpiresAt));
        Add(text, "keys", YamlText.List(list.Keys.Select(key => key.Hex)));
        Add(text, list.Voucher);
        return text.ToString();
    }

    /// <summary>A moment as these files hold it.</summary>
    public static string? Time(DateTimeOffset? time) => time is { } moment ? $"\"{Show(moment)}\"" : null;

    /// <summary>A moment for a person.</summary>
    public static string Show(DateTimeOffset time) => time.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    private static void Add(StringBuilder text, Voucher? voucher)
    {
        if (voucher is not null)
        {
            text.Append("signature:\n");
            Add(text, "  key", YamlText.Quote(voucher.Key.Hex));
            Add(text, "  value", YamlText.Quote(Convert.ToBase64String(voucher.Signature.Span)));
        }
    }

    private static void Add(StringBuilder text, string key, string? value)
    {
        if (value is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"{key}: {value}\n");
        }
    }
}
