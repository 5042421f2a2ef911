using System.CommandLine;
using Luminarys.Skills.Keys;
using Luminarys.Skills.Trust;
using Luminarys.Trust;

namespace Luminarys.Lmsk;

/// <summary><c>lmsk trust revoke</c>: the next list of revoked keys, signed by a delegate.</summary>
internal static class TrustRevokeCommand
{
    private static readonly TimeSpan s_validity = TimeSpan.FromDays(365);

    public static Command Build(TextWriter output, TextWriter errors)
    {
        var revoked = new Argument<string[]>("keys")
        {
            Description = "Ids of keys, or names of keys in the folder. None renews the list that is there.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var directory = TrustPlace.Option();
        var key = KeyPlace.Option();
        var expires = new Option<string?>("-expires", "--expires") { Description = "Last day or moment at which the list is in date. Default: in a year, or when the key that signs ends.", HelpName = "TIME" };
        var command = new Command("revoke", "Stop trusting keys, in a list that a delegate's key signs.") { revoked, directory, key, expires };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var place = parsed.GetValue(directory)!;
            DateTimeOffset? end = TimeProvider.System.GetUtcNow() + s_validity;
            if (RecordOptions.ReadTime(parsed.GetValue(expires), "-expires", isEnd: true, ref end) is { } fault)
            {
                return LmskCommand.Fail(errors, fault);
            }

            if (await TrustPlace.ReadAsync(place, errors, cancellationToken).ConfigureAwait(false) is not { } folder
                || FindKeys(folder, parsed.GetValue(revoked)!, place, errors) is not { } keys)
            {
                return LmskCommand.Failed;
            }

            try
            {
                using var signer = SigningKey.Open(KeyPlace.Of(parsed.GetValue(key)), KeyPlace.Passphrase);
                var last = folder.Keys.FirstOrDefault(record => record.Id == signer.Id)?.ValidTo;
                if (parsed.GetValue(expires) is null && last < end)
                {
                    end = last;
                }

                return last < end
                    ? LmskCommand.Fail(errors, $"-expires: it lies after {TrustYaml.Show(last.GetValueOrDefault())}, the end of the key that signs; name an earlier time")
                    : Write(place, folder, keys, end.GetValueOrDefault(), signer, output, errors);
            }
            catch (KeyFileException exception)
            {
                return LmskCommand.Fail(errors, exception.Message);
            }
        });
        return command;
    }

    // A list that hosts would not accept stops all their loading: it is not written.
    private static int Write(
        string place, TrustFolder folder, KeyId[] keys, DateTimeOffset end, SigningKey signer, TextWriter output, TextWriter errors)
    {
        var file = TrustPlace.RevocationsOf(place);
        var before = folder.Revocations;
        if (before?.Number == long.MaxValue)
        {
            return LmskCommand.Fail(errors, $"{file}: its number is the highest that there is; no list can follow it");
        }

        var all = (before is null ? [] : before.Keys).Concat(keys).Distinct().ToArray();
        var list = TrustDocuments.Revoke((before?.Number ?? 0) + 1, end, all, signer);
        var now = TimeProvider.System.GetUtcNow();
        if (TrustReview.Open(folder with { Revocations = list }, now).Refusal is { } refusal)
        {
            return LmskCommand.Fail(errors, $"{place}: nothing was revoked: {refusal}");
        }

        if (end <= now)
        {
            return LmskCommand.Fail(errors, "-expires: it lies in the past; name a later time");
        }

        if (!TrustPlace.TryWrite(file, TrustYaml.Write(list), errors))
        {
            return LmskCommand.Failed;
        }

        output.WriteLine($"number   {list.Number}");
        output.WriteLine($"revoked  {list.Keys.Length} keys");
        output.WriteLine($"expires  {TrustYaml.Show(list.ExpiresAt)}");
        output.WriteLine($"file     {file}");
        return LmskCommand.Ok;
    }

    private static KeyId[]? FindKeys(TrustFolder folder, string[] names, string place, TextWriter errors)
    {
        var keys = new List<KeyId>();
        foreach (var name in names)
        {
            KeyId[] found = KeyId.TryParse(name, out var id) ? [id] : [.. folder.Keys.Where(record => record.Name == name).Select(record => record.Id)];
            if (found.Length != 1)
            {
                errors.WriteLine(found.Length == 0
                    ? $"{place}: no key has the name '{InfoText.Show(name)}'; name the key's id of 64 hexadecimal digits, see: lmsk trust list"
                    : $"{place}: {found.Length} keys have the name '{InfoText.Show(name)}'; name the id of one, see: lmsk trust list");
                return null;
            }

            keys.Add(found[0]);
        }

        return [.. keys];
    }
}
