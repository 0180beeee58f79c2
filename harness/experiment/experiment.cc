#include "harness/experiment/experiment.h"

#include <algorithm>
#include <cmath>

#include "harness/experiment/ebh.h"
#include "harness/experiment/elementary.h"

namespace goleakstress::experiment {
namespace {

constexpr int64_t kLimitHorizons = 4;    // Plan::limit over Plan::horizon
constexpr double kLargestWeight = 1096;  // e^7: a screen e-value beyond says nothing more

void SetClean(SiteVerdict* v) {
  v->verdict = Verdict::kClean;
  v->settle.clear();
  v->enough_calls = 0;
}

}  // namespace

Experiment::Experiment(const Plan& plan, uint64_t seed) : plan_(plan), random_(seed) {}

Dose Experiment::WarmUp() const {
  const int64_t fresh = plan_.inputs ? plan_.warm_up / 2 : 0;
  return {plan_.warm_up - fresh, fresh, plan_.pad_seconds, 0};
}

SiteId Experiment::AddSite(const SiteTraits& traits, double level_before) {
  Site& site = sites_.emplace_back();
  site.traits = traits;
  site.levels.assign(rows_.size(), level_before);
  site.held.assign(hold_seconds_.size(), level_before);
  return static_cast<SiteId>(sites_.size()) - 1;
}

void Experiment::FirstReading(const std::vector<double>& levels) {
  const Dose warm = WarmUp();
  made_ = {warm.repeated, warm.fresh, 0};
  rows_.push_back(made_);
  snapshots_ = 1;
  stage_ = Stage::kScreen;
  for (size_t i = 0; i < sites_.size(); ++i) sites_[i].levels.push_back(i < levels.size() ? levels[i] : 0);
}

void Experiment::EnterConfirm() {
  stage_ = Stage::kConfirm;
  confirm_row_ = rows_.size() - 1;
  for (Site& site : sites_) {
    site.screen_e = site.wealth.E(Factor::kCall);
    site.wealth = Wealth();
    site.rises.ForgetSizes();
  }
}

Dose Experiment::Next() {
  if (stage_ == Stage::kScreen && made_.calls() >= plan_.confirm_from) EnterConfirm();
  if (stage_ == Stage::kConfirm) BeginLate(plan_, made_, sites_);
  const int64_t first_clean = std::max<int64_t>(1, plan_.clean_from >> kEarlyCleanStarts);
  while (clean_starts_ < kEarlyCleanStarts && made_.calls() >= first_clean << (clean_starts_ + 1))
    ++clean_starts_;
  if (clean_starts_ < kAllCleanStarts && made_.calls() >= first_clean << clean_starts_) {
    ++clean_starts_;
    clean_bank_.emplace(rows_.back(), rows_.size() - 1);
    for (Site& site : sites_) {
      if (site.moved) BeginClean(*clean_bank_, site);
    }
  }
  const Units units = UnitsOf(plan_, made_, NextScale(plan_, stage_, sites_, rows_, confirm_row_));
  batch_ = BatchOf(plan_, made_, units, Draw(plan_, units, random_));
  growth_bank_.Prepare(*batch_, sites_);
  if (clean_bank_) clean_bank_->Prepare(*batch_);
  return {static_cast<int64_t>(batch_->repeated), static_cast<int64_t>(batch_->fresh), batch_->seconds,
          static_cast<int>(batch_->idle)};
}

void Experiment::Observe(const std::vector<double>& levels, double seconds) {
  for (size_t i = 0; i < sites_.size(); ++i) {
    Site& site = sites_[i];
    double level = i < levels.size() ? levels[i] : 0;
    if (!std::isfinite(level)) level = site.levels.back();
    const bool moves = level != site.levels.back();
    if (moves && !site.moved) {
      site.moved = true;
      BeginGrowth(growth_bank_, site);
      if (clean_bank_) BeginClean(*clean_bank_, site);
    }
    if (stage_ == Stage::kConfirm) {
      site.rises_in_confirm += level > site.levels.back();
      site.largest_rise = std::max(site.largest_rise, level - site.levels.back());
      site.falls_in_confirm += level < site.levels.back();
    }
    if (site.moved) {
      if (clean_bank_) {
        BetOnClean(*clean_bank_, *batch_, clean_starts_, plan_.stake_floor, plan_.clean_error, level, site);
      }
      BetOnGrowth(growth_bank_, *batch_, plan_.stake_floor, level, site);
    }
    site.levels.push_back(level);
  }
  growth_bank_.Learn();
  if (clean_bank_) clean_bank_->Learn(*batch_);
  made_ = {made_.repeated + static_cast<int64_t>(batch_->repeated),
           made_.fresh + static_cast<int64_t>(batch_->fresh), made_.seconds + seconds};
  rows_.push_back(made_);
  ++snapshots_;
  AfterBatch();
}

void Experiment::ObserveLost(const std::vector<double>& levels, double seconds) {
  growth_bank_.Skip();
  if (clean_bank_) clean_bank_->Skip();
  for (size_t i = 0; i < sites_.size(); ++i) {
    Site& site = sites_[i];
    if (i < levels.size() && std::isfinite(levels[i])) site.lost += levels[i] - site.levels.back();
    site.wealth.Forfeit(plan_.stake_floor);
    for (auto& rate : site.clean_wealth) {
      for (auto& purse : rate) {
        for (size_t k = 0; k < kCleanRegressions; ++k) purse.Multiply(k, plan_.stake_floor);
      }
    }
  }
  made_ = {made_.repeated + static_cast<int64_t>(batch_->repeated),
           made_.fresh + static_cast<int64_t>(batch_->fresh), made_.seconds + seconds};
  AfterBatch();
}

void Experiment::AfterBatch() {
  batch_.reset();
  const double line = LeakLine(plan_, sites_.size());
  const bool alarm =
      first_alarm_calls_ == 0 && std::any_of(sites_.begin(), sites_.end(), [&](const Site& s) {
        return s.moved && std::max(s.wealth.E(Factor::kCall), s.wealth.E(Factor::kTime)) >= line;
      });
  if (alarm) {
    first_alarm_calls_ = made_.calls();
    first_alarm_snapshots_ = snapshots_;
  }
  if (stage_ != Stage::kConfirm) return;
  if (made_.calls() >= plan_.limit &&
      (made_.calls() >= plan_.far_limit || AnyComplete(plan_, sites_, rows_, confirm_row_))) {
    stop_ = Stop::kLimit;
  } else if (made_.calls() >= plan_.horizon && Settled(plan_, sites_, rows_, confirm_row_)) {
    stop_ = Stop::kSettled;
  }
  if (Done()) stage_ = Stage::kHold;
}

void Experiment::NoteExhausted(int64_t calls) {
  exhausted_after_ = calls;
  stop_ = Stop::kExhausted;
  stage_ = Stage::kHold;
}

void Experiment::NoteCut() {
  if (Done()) return;
  stop_ = Stop::kCut;
  stage_ = Stage::kHold;
}

int64_t Experiment::LackingHorizon() const {
  if (stop_ != Stop::kSettled) return 0;
  int64_t lacking = 0;
  for (const Site& site : sites_) {
    if (IsHot(site)) lacking = std::max(lacking, LeastHorizon(site));
  }
  return lacking > plan_.horizon ? lacking : 0;
}

bool Experiment::DecidedBelow(int64_t horizon) const {
  return std::any_of(sites_.begin(), sites_.end(),
                     [&](const Site& site) { return IsHot(site) && site.traits.least_horizon < horizon; });
}

bool Experiment::IsHot(const Site& site) const {
  return site.moved && !site.traits.before_jump &&
         site.wealth.E(Factor::kCall) >= LeakLine(plan_, sites_.size());
}

bool Experiment::FindsLeak() const { return AnyComplete(plan_, sites_, rows_, confirm_row_); }

bool Experiment::IsOpen() const { return !Settled(plan_, sites_, rows_, confirm_row_); }

void Experiment::GoOn(int64_t horizon) {
  left_horizon_ = plan_.horizon;
  plan_.horizon = horizon;
  plan_.limit = kLimitHorizons * horizon;
  plan_.far_limit = std::max(plan_.limit, Plan::ForHorizon(horizon).far_limit);
  for (Site& site : sites_) {
    site.left_late_e = site.late ? site.wealth.E(Factor::kLate) : 1;
    site.late = false;
  }
  stop_ = Stop::kNone;
  stage_ = Stage::kConfirm;
}

int64_t Experiment::LeastHorizon(const Site& site) const {
  const bool by_key = DriverOf(plan_, site, rows_, confirm_row_) == Driver::kKey;
  return by_key ? Plan::kLeastHorizon : site.traits.least_horizon;
}

bool Experiment::NeedsHold() const {
  if (stage_ != Stage::kHold || hold_seconds_.size() >= plan_.holds.size()) return false;
  const double line = LeakLine(plan_, sites_.size());
  const std::vector<bool> softly = SoftlyRejected();
  for (size_t i = 0; i < sites_.size(); ++i) {
    if (softly[i] || std::max(Since(sites_[i], Factor::kCall), Since(sites_[i], Factor::kTime)) >= line)
      return true;
  }
  return false;
}

double Experiment::HoldSeconds() const { return plan_.holds[hold_seconds_.size()]; }

void Experiment::ObserveHold(double seconds, const std::vector<double>& levels) {
  hold_seconds_.push_back(seconds);
  ++snapshots_;
  for (size_t i = 0; i < sites_.size(); ++i) {
    const double level = i < levels.size() ? levels[i] : 0;
    sites_[i].held.push_back(std::isfinite(level) ? level : sites_[i].levels.back());
  }
}

// Where a resource ran out, the screen stage is evidence too: there will be no other. A product of e-values
// of one stage after the other is an e-value.
double Experiment::Since(const Site& site, Factor factor) const {
  const double e = site.wealth.E(factor);
  if (stop_ != Stop::kExhausted || confirm_row_ == 0) return e;
  return factor == Factor::kCall ? e * site.screen_e : e;
}

std::vector<bool> Experiment::SoftlyRejected() const {
  // Weights of mean 1 over the family, fixed when the confirm stage began: what the screen stage suspected
  // needs less.
  const double family = std::max(plan_.smallest_family, static_cast<double>(sites_.size()));
  double sum = 2 * (family - static_cast<double>(sites_.size()));
  auto weight = [](const Site& site) { return 1 + std::min(site.screen_e, kLargestWeight); };
  for (const Site& site : sites_) sum += weight(site);
  std::vector<double> log_e;
  for (const Site& site : sites_) {
    log_e.push_back(Log(Since(site, Factor::kCall)) + Log(weight(site) * family / sum));
  }
  return EBenjaminiHochberg(log_e, family, plan_.discovery_error);
}

SiteEvidence Experiment::EvidenceOf(const Site& site) const {
  SiteEvidence e;
  const size_t from = stop_ == Stop::kExhausted ? 0 : confirm_row_;
  e.driver = DriverOf(plan_, site, rows_, from);
  e.readings = Readings(plan_, site, rows_, from);
  e.first_level = site.levels.empty() ? 0 : site.levels.front();
  e.resolution = site.traits.resolution;
  const auto log_e = [&](Factor factor) { return Log(Since(site, factor)); };
  e.log_e_call = log_e(Factor::kCall);
  e.log_e_repeated = log_e(Factor::kRepeated);
  e.log_e_fresh = log_e(Factor::kFresh);
  e.log_e_size = log_e(Factor::kSize);
  e.horizon = plan_.horizon;
  e.least_horizon = LeastHorizon(site);
  e.least_things = site.traits.least_things;
  e.log_e_late = site.late ? log_e(Factor::kLate) : 0;
  e.log_e_time = log_e(Factor::kTime);
  e.log_e_screen = Log(site.screen_e);
  e.leak_line = LeakLine(plan_, sites_.size());
  std::optional<double> by_stillness;
  if (!rows_.empty() && rows_[confirm_row_].calls() >= plan_.confirm_from) {
    const double calls = static_cast<double>(rows_.back().calls() - rows_[confirm_row_].calls());
    by_stillness = RefutedByStillness(site, calls, plan_.clean_error);
    for (const auto& refuted :
         {RefutedByZero(site, rows_, plan_.clean_error), RefutedByReturn(site, rows_, plan_.clean_error),
          RefutedByStandstill(site, rows_, plan_.clean_error, stop_ != Stop::kCut)}) {
      if (refuted) e.refuted_anyway = std::min(*refuted, e.refuted_anyway.value_or(*refuted));
    }
  }
  const bool early = stop_ == Stop::kCut && !IsPromising(site, sites_);
  e.refuted_rates = RefutedRates(site, early, by_stillness);
  e.material_rate = site.traits.material_rate;
  e.before_jump = site.traits.before_jump;
  e.in_steps = MovesInSteps(site);
  e.exhausted = stop_ == Stop::kExhausted;
  for (size_t h = 0; h < site.held.size(); ++h)
    e.held.push_back({hold_seconds_[h], site.held[h] - site.lost});
  return e;
}

std::vector<SiteVerdict> Experiment::Judge() const {
  const std::vector<bool> softly = SoftlyRejected();
  const std::vector<double> things = ThingsGrown(sites_, confirm_row_);
  std::vector<Progress> progress(sites_.size());
  if (stop_ == Stop::kSettled) progress = ProgressOf(plan_, sites_, rows_, confirm_row_);
  std::vector<SiteVerdict> verdicts;
  for (size_t i = 0; i < sites_.size(); ++i) {
    SiteEvidence e = EvidenceOf(sites_[i]);
    e.softly = softly[i];
    e.things = things[i];
    SiteVerdict v = experiment::Judge(e, plan_);
    const bool went_on = left_horizon_ > 0;
    const int64_t shorter = went_on ? left_horizon_ : 2 * plan_.confirm_from;
    if (v.verdict == Verdict::kGrowing && stop_ == Stop::kCut && shorter < e.horizon) {
      e.horizon = shorter;
      e.log_e_late = went_on ? Log(sites_[i].left_late_e) : e.log_e_call;
      SiteVerdict sooner = experiment::Judge(e, plan_);
      if (sooner.verdict == Verdict::kLeak) v = std::move(sooner);
    }
    if (v.verdict == Verdict::kInconclusive && progress[i] == Progress::kSettledByGroup) {
      SetClean(&v);
    }
    v.site = static_cast<int>(i);
    v.calls = made_.calls();
    v.snapshots = snapshots_;
    verdicts.push_back(std::move(v));
  }
  for (SiteVerdict& v : verdicts) {
    if (v.verdict == Verdict::kInconclusive && ToldByCount(sites_[static_cast<size_t>(v.site)], verdicts)) {
      SetClean(&v);
    }
  }
  return verdicts;
}

bool Experiment::ToldByCount(const Site& bytes, const std::vector<SiteVerdict>& verdicts) const {
  return std::any_of(verdicts.begin(), verdicts.end(), [&](const SiteVerdict& v) {
    const Site& count = sites_[static_cast<size_t>(v.site)];
    return IsBytesOf(bytes, count) && v.verdict != Verdict::kInconclusive && !IsGrowth(v.verdict) &&
           SizesStandStill(bytes, count, rows_);
  });
}

EntryVerdict Experiment::Summary(const std::vector<SiteVerdict>& verdicts) const {
  EntryVerdict entry;
  entry.stop = stop_;
  entry.calls = made_.calls();
  entry.snapshots = snapshots_;
  entry.horizon = plan_.horizon;
  entry.exhausted_after = exhausted_after_;
  entry.hold_seconds = hold_seconds_.empty() ? 0 : hold_seconds_.back();
  entry.sites = static_cast<int>(sites_.size());
  for (const Site& site : sites_) entry.moved_sites += site.moved;
  for (const SiteVerdict& v : verdicts) {
    const bool before_jump = sites_[static_cast<size_t>(v.site)].traits.before_jump;
    // What comes and goes within the pad need not be decided: the same is counted after it.
    if (!before_jump || v.verdict != Verdict::kInconclusive || sites_.size() == 1)
      entry.verdict = std::min(entry.verdict, v.verdict);
    if (v.verdict == Verdict::kLeak) entry.horizon = std::min(entry.horizon, v.asked_horizon);
    entry.refuted_rate = std::max(entry.refuted_rate, v.refuted_rate);
  }
  return entry;
}

}  // namespace goleakstress::experiment
