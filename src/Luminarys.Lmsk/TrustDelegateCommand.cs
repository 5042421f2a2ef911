using System.CommandLine;
using Luminarys.Skills.Keys;
using Luminarys.Skills.Trust;
using Luminarys.Trust;

namespace Luminarys.Lmsk;

/// <summary><c>lmsk trust delegate</c>: a record that counts wherever the key that signs it is trusted as a delegate.</summary>
internal static class TrustDelegateCommand
{
    public static Command Build(TextWriter output, TextWriter errors)
    {
        var vouched = new Argument<string>("key")
        {
            Description = "A .pub file, a .skill package, a base64 point, or the id of a key in the folder to vouch for again.",
        };
        var directory = TrustPlace.Option();
        var key = KeyPlace.Option();
        var options = new RecordOptions();
        var command = new Command("delegate", "Vouch for a key with a delegate's key.") { vouched, directory, key };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var place = parsed.GetValue(directory)!;
            if (await TrustPlace.ReadAsync(place, errors, cancellationToken).ConfigureAwait(false) is not { } folder)
            {
                return LmskCommand.Failed;
            }

            var named = KeyId.TryParse(parsed.GetValue(vouched), out var id) ? folder.Keys.FirstOrDefault(record => record.Id == id) : null;
            var point = named is not null
                ? named.PublicKey.ToArray()
                : await KeySource.ReadAsync(parsed.GetValue(vouched)!, errors, cancellationToken).ConfigureAwait(false);
            if (point is null)
            {
                return LmskCommand.Failed;
            }

            var pointId = KeyId.Of(point);
            var before = folder.Keys.FirstOrDefault(record => record.Id == pointId);
            if (before is { Status: not KeyStatus.Active })
            {
                return LmskCommand.Fail(
                    errors, $"{TrustPlace.FileOf(place, before.Id)}: the key's status is {before.Status.ToString().ToLowerInvariant()}; remove that record first");
            }

            return options.Read(parsed, point, before, errors) is { } record
                ? Sign(place, folder, record, KeyPlace.Of(parsed.GetValue(key)), output, errors)
                : LmskCommand.Failed;
        });
        return command;
    }

    private static int Sign(string place, TrustFolder folder, KeyRecord record, string keyFile, TextWriter output, TextWriter errors)
    {
        try
        {
            using var key = SigningKey.Open(keyFile, KeyPlace.Passphrase);
            if (folder.Keys.FirstOrDefault(known => known.Id == record.Id) is { Voucher: null })
            {
                return LmskCommand.Fail(errors, $"{TrustPlace.FileOf(place, record.Id)}: the operator trusts this key in person, which counts for more; remove that record first");
            }

            var signed = TrustDocuments.Sign(record, key);
            return FindFault(folder, signed, key.Id, errors) is { } fault
                ? LmskCommand.Fail(errors, $"{place}: {InfoText.Show(fault)}")
                : TrustAddCommand.Write(TrustPlace.FileOf(place, record.Id), signed, output, errors);
        }
        catch (KeyFileException exception)
        {
            return LmskCommand.Fail(errors, exception.Message);
        }
    }

    // The author of a record need not have the folders of those who will read it.
    private static string? FindFault(TrustFolder folder, KeyRecord signed, KeyId signer, TextWriter errors)
    {
        if (folder.Keys.All(known => known.Id != signer))
        {
            errors.WriteLine($"warning: key {signer} is not known here; the record counts where it is trusted as a delegate");
            return null;
        }

        var next = folder with { Keys = [.. folder.Keys.Where(known => known.Id != signed.Id), signed] };
        var now = TimeProvider.System.GetUtcNow();
        var (store, refusal) = TrustReview.Open(next, now);
        return refusal ?? store!.FindDoubt(signed, now);
    }
}
