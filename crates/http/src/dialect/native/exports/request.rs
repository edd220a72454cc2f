//! The body that asks for an export.
//!
//! Guarantees: what is not understood is refused by the name of its member; nothing is taken to mean "everything".
//!
//! Must not know: what there is in the form.

use super::super::problem::Problem;
use super::refused;
use fillhouse_engine::interchange::read_object;
use fillhouse_engine::{
    AsOf, ColumnOptions, Condition, Container, Content, CsvOptions, Delimiter, Eol, ExportRequest, FileShape,
    Filtered, FormRef, FormsReader, Formulas, Framing, HeaderNames, Operator, Query, ResultOptions,
    TableOptions, Wanted,
};
use fillhouse_model::{AudienceId, Fault, FormId, ProfileId, Status, SubmissionId, parse_date};
use serde::Deserialize;
use utoipa::ToSchema;

/// What is wanted.
pub(in super::super) struct Wish {
    pub(in super::super) is_dry: bool,
    pub(in super::super) request: ExportRequest,
}

/// What is read first: a form that is not there is all there is to say.
#[derive(Deserialize)]
struct Named {
    form: FormName,
}

/// A form, by its id, or by its shortname, slug or directory.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(untagged, expecting = "is neither an id nor a name")]
enum FormName {
    Id(i64),
    Name(String),
}

/// A request for an export.
#[derive(Debug, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ExportBody {
    /// Its id, shortname, slug or directory
    form: FormName,
    /// `csv`, `json`, `ndjson`, `xlsx` or `parquet`
    format: Option<String>,
    /// `none`, `zip`, `gzip` or `zstd`
    compression: Option<String>,
    /// Which columns, and in which order: names of metas and ids of items
    columns: Option<Vec<String>>,
    /// How a table is written
    options: Option<OptionsBody>,
    /// What must hold of a submission
    filter: Option<FilterBody>,
    /// The first day on which a submission was finished, `YYYY-MM-DD` in the form's time zone
    from: Option<String>,
    /// The last day
    to: Option<String>,
    /// Only what was created, updated or deleted after the export with this `cursor`
    since: Option<String>,
    /// The submissions as they were at this time, or after this of the form's changes: the `snapshot` of an export
    as_of: Option<AsOfBody>,
    /// Whether only to be told what it would come to
    dry_run: Option<bool>,
    /// Whether unfinished submissions are wanted, too
    include_incomplete: Option<bool>,
}

/// A moment of a form.
#[derive(Debug, PartialEq, Deserialize, ToSchema)]
#[serde(untagged, expecting = "is neither a number nor a time")]
enum AsOfBody {
    Seq(i64),
    Time(String),
}

/// How a table is written.
#[derive(Debug, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OptionsBody {
    /// What stands between cells: `,`, `;`, a tab, or `|`
    delimiter: Option<String>,
    /// Whether it begins with a byte order mark
    bom: Option<bool>,
    /// What ends a line: `lf` or `crlf`
    eol: Option<String>,
    /// What the columns of answers are called: `label` or `id`
    header: Option<String>,
    /// What becomes of texts that a spreadsheet would take for formulas: `raw` or `escape`
    formulas: Option<String>,
}

/// What must hold of a submission.
#[derive(Debug, Default, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FilterBody {
    /// It is one of these
    ids: Option<Vec<i64>>,
    /// `Complete` or `Incomplete`
    status: Option<String>,
    /// What its answers are
    answers: Option<Vec<AnswerBody>>,
    /// `and`, or `or` where it is enough that one of the answers is as said
    method: Option<String>,
    /// It is from this profile
    profile: Option<ProfileBody>,
}

/// What an answer is: one of the six.
#[derive(Debug, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswerBody {
    /// The item's id; or `completion_seconds`, which is at least, or less than, a number;
    /// or `last_answered`, which equals the id of an item, or `none`
    item: String,
    /// It is this; of a choice, the position
    equals: Option<String>,
    /// It has this in it
    contains: Option<String>,
    /// It begins with this
    begins: Option<String>,
    /// It ends with this
    ends: Option<String>,
    /// It is a number, and this or more
    at_least: Option<String>,
    /// It is a number, and less than this
    less_than: Option<String>,
}

/// A profile.
#[derive(Debug, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProfileBody {
    audience_id: i64,
    profile_id: String,
}

impl Wish {
    /// What a body says, of a form that is there.
    pub(in super::super) async fn read(reader: &FormsReader, body: &str) -> Result<Self, Problem> {
        let readable = |fault: Fault| match fault.field.as_str() {
            "" => refused(Fault::new("body", fault.message).into(), body),
            _ => refused(fault.into(), body),
        };
        let Named { form } = read_object(body).map_err(readable)?;
        let form = FormRef::Id(reader.form_id(&form.form()).await?);
        let body: ExportBody = read_object(body).map_err(readable)?;
        let (shape, is_dry) = (body.shape()?, body.dry_run.unwrap_or_default());
        let since = match &body.since {
            Some(cursor) => Some(reader.moment_of(cursor).await?),
            None => None,
        };
        let wanted = Wanted::Filtered(Box::new(Filtered { since, ..body.filtered()? }));
        Ok(Self { is_dry, request: ExportRequest { form, wanted, shape } })
    }
}

impl FormName {
    fn form(self) -> FormRef {
        match self {
            Self::Id(id) => FormRef::Id(FormId(id)),
            Self::Name(name) => FormRef::called(name),
        }
    }
}

impl ExportBody {
    fn shape(&self) -> Result<FileShape, Fault> {
        let format = self.format.as_deref().unwrap_or("csv");
        let content = match format {
            "csv" => {
                let csv = self.options.as_ref().map(OptionsBody::csv).transpose()?.unwrap_or_default();
                Content::Table(TableOptions { csv, columns: self.columns.clone() })
            }
            "xlsx" => Content::Workbook(self.column_options(format)?),
            "parquet" => Content::Columnar(self.column_options(format)?),
            "json" => self.results(Framing::Array, format)?,
            "ndjson" => self.results(Framing::Lines, format)?,
            _ => return Err(Fault::new("format", "is not one of csv, json, ndjson, xlsx and parquet")),
        };
        let known = [
            ("none", Container::Bare),
            ("zip", Container::Zip),
            ("gzip", Container::Gzip),
            ("zstd", Container::Zstd),
        ];
        let container = one_of("compression", self.compression.as_deref(), &known)?;
        Ok(FileShape { container: container.unwrap_or(Container::Bare), content })
    }

    fn results(&self, framing: Framing, format: &str) -> Result<Content, Fault> {
        match self.options {
            None => Ok(Content::Results(ResultOptions { framing, columns: self.columns.clone() })),
            Some(_) => Err(Fault::new("options", format!("is not for the format {format}"))),
        }
    }

    fn column_options(&self, format: &str) -> Result<ColumnOptions, Fault> {
        let header = self.options.as_ref().map(|options| options.header_alone(format)).transpose()?;
        Ok(ColumnOptions { header: header.unwrap_or_default(), columns: self.columns.clone() })
    }

    fn filtered(self) -> Result<Filtered, Fault> {
        let day = |field: &str, day: Option<String>| day.map(|day| parse_date(field, &day)).transpose();
        let (from, to) = (day("from", self.from)?, day("to", self.to)?);
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            return Err(Fault::new("from", "is after to"));
        }
        let filter = self.filter.unwrap_or_default();
        let query = filter.query()?;
        let profile = filter.profile.map(ProfileBody::profile).transpose()?;
        // Who names submissions, or says that they are unfinished, means them.
        let is_meant = filter.ids.is_some() || query.status == Some(Status::Incomplete);
        Ok(Filtered {
            from,
            to,
            include_incomplete: self.include_incomplete.unwrap_or(is_meant),
            ids: filter.ids.map(|ids| ids.into_iter().map(SubmissionId).collect()),
            profile,
            since: None,
            as_of: self.as_of.map(AsOfBody::said).transpose()?,
            query,
        })
    }
}

impl AsOfBody {
    fn said(self) -> Result<AsOf, Fault> {
        match self {
            Self::Seq(seq) => Ok(AsOf::Seq(seq)),
            Self::Time(time) => time
                .parse()
                .map(AsOf::Time)
                .map_err(|_| Fault::new("as_of", "is no time such as 2026-04-01T09:00:00Z")),
        }
    }
}

impl OptionsBody {
    /// What the columns are called, where nothing else can be said.
    fn header_alone(&self, format: &str) -> Result<HeaderNames, Fault> {
        let is_given = [
            ("options.delimiter", self.delimiter.is_some()),
            ("options.bom", self.bom.is_some()),
            ("options.eol", self.eol.is_some()),
            ("options.formulas", self.formulas.is_some()),
        ];
        match is_given.into_iter().find(|(_, is_given)| *is_given) {
            Some((field, _)) => Err(Fault::new(field, format!("is not for the format {format}"))),
            None => Ok(self.csv()?.header),
        }
    }

    fn csv(&self) -> Result<CsvOptions, Fault> {
        let delimiters = [
            (",", Delimiter::Comma),
            (";", Delimiter::Semicolon),
            ("\t", Delimiter::Tab),
            ("|", Delimiter::Pipe),
        ];
        let names = [("label", HeaderNames::Labels), ("id", HeaderNames::Ids)];
        let formulas = [("raw", Formulas::Raw), ("escape", Formulas::Escape)];
        let delimiter = one_of("options.delimiter", self.delimiter.as_deref(), &delimiters)?;
        let eol = one_of("options.eol", self.eol.as_deref(), &[("lf", Eol::Lf), ("crlf", Eol::CrLf)])?;
        Ok(CsvOptions {
            delimiter: delimiter.unwrap_or_default(),
            eol: eol.unwrap_or_default(),
            bom: self.bom.unwrap_or_default(),
            header: one_of("options.header", self.header.as_deref(), &names)?.unwrap_or_default(),
            formulas: one_of("options.formulas", self.formulas.as_deref(), &formulas)?.unwrap_or_default(),
        })
    }
}

/// What a word means, of the words that there are.
fn one_of<T: Copy>(field: &str, word: Option<&str>, known: &[(&str, T)]) -> Result<Option<T>, Fault> {
    let Some(word) = word else { return Ok(None) };
    let found = known.iter().find(|(name, _)| *name == word).map(|(_, meant)| *meant);
    let names = || known.iter().map(|(name, _)| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    found.map(Some).ok_or_else(|| Fault::new(field, format!("is not one of {}", names())))
}

impl FilterBody {
    fn query(&self) -> Result<Query, Fault> {
        let status = self.status.as_deref().map(|name| {
            let unknown = || Fault::new("filter.status", "is neither Complete nor Incomplete");
            Status::from_name(name).ok_or_else(unknown)
        });
        let any_of = match self.method.as_deref() {
            None | Some("and") => false,
            Some("or") => true,
            Some(_) => return Err(Fault::new("filter.method", "is neither and nor or")),
        };
        let answers = self.answers.iter().flatten().enumerate();
        let conditions = answers.map(|(n, answer)| answer.condition(n)).collect::<Result<_, _>>()?;
        Ok(Query { status: status.transpose()?, conditions, any_of, ..Query::default() })
    }
}

impl AnswerBody {
    fn condition(&self, n: usize) -> Result<Condition, Fault> {
        let said = [
            ("equals", Operator::Equals, &self.equals),
            ("contains", Operator::Contains, &self.contains),
            ("begins", Operator::Begins, &self.begins),
            ("ends", Operator::Ends, &self.ends),
            ("at_least", Operator::AtLeast, &self.at_least),
            ("less_than", Operator::LessThan, &self.less_than),
        ];
        let mut said =
            said.into_iter().filter_map(|(name, operator, value)| Some((name, operator, value.clone()?)));
        let place = format!("filter.answers[{n}]");
        match (said.next(), said.next()) {
            (Some((name, operator, value)), None) => {
                let named = format!("{place}.{name}");
                Ok(Condition { column: self.item.clone(), operator, value, named })
            }
            _ => Err(Fault::new(
                place,
                "has not one of equals, contains, begins, ends, at_least and less_than",
            )),
        }
    }
}

impl ProfileBody {
    fn profile(self) -> Result<(AudienceId, ProfileId), Fault> {
        let id = self.profile_id.parse();
        let id = id.map_err(|_| Fault::new("filter.profile.profile_id", "is no id of a profile"))?;
        Ok((AudienceId(self.audience_id), id))
    }
}
