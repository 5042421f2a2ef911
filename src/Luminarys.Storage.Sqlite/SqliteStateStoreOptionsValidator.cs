using Microsoft.Extensions.Options;

namespace Luminarys.Storage.Sqlite;

[OptionsValidator]
internal sealed partial class SqliteStateStoreOptionsValidator : IValidateOptions<SqliteStateStoreOptions>;
